/** Composition: what surrounds every page, and which page an address shows. */
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { ToastProvider } from '../ui';
import { ErrorBoundary } from './Problem';
import { makeQueryClient } from './queryClient';
import { RouteFocus } from './RouteFocus';
import { Routes } from './Routes';

export function App() {
  const [queries] = useState(makeQueryClient);
  return (
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <ErrorBoundary>
          <Routes />
        </ErrorBoundary>
        <RouteFocus />
      </ToastProvider>
    </QueryClientProvider>
  );
}
