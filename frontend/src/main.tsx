/** Starts the page. */
import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { reloadWhenReplaced } from './app/reloadWhenReplaced';
import { applyTheme } from './app/theme';

applyTheme();
reloadWhenReplaced();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
