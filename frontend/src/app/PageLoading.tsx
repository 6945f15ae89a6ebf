/** A page whose parts are still on their way. */
import { Loading } from '../ui';
import styles from './Problem.module.css';

export function PageLoading() {
  return (
    <main id="main" tabIndex={-1} className={styles.problem}>
      <Loading what="the page" lines={5} />
    </main>
  );
}
