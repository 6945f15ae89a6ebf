/** Two versions as one text: what came is underlined, what went is struck through, and both are said in words. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../api/client';
import type { Comparison } from '../../api/types';
import { FormError, Loading } from '../../ui';
import { CompareText } from './CompareText';
import styles from './compare.module.css';

interface CompareViewProps {
  challenge: string;
  from: string;
  to: string;
  onShown: () => void;
}

export function CompareView({ challenge, from, to, onShown }: CompareViewProps) {
  const comparison = useQuery({
    queryKey: ['challenge', challenge, 'versions', 'compare', from, to],
    queryFn: ({ signal }) =>
      api.get<Comparison>(`/api/challenges/${challenge}/statement/versions/compare?from=${from}&to=${to}`, signal),
  });
  const { data } = comparison;
  const shown = useRef(onShown);
  shown.current = onShown;
  useEffect(() => {
    if (data) shown.current();
  }, [data]);
  if (comparison.isPending) return <Loading what="the comparison" lines={5} />;
  if (comparison.isError) return <FormError error={comparison.error} />;
  const { blocks, words_added: added, words_removed: removed } = comparison.data;
  return (
    <div className={styles.compare}>
      <p role="status">
        {added === 0 && removed === 0 ? 'Not one word differs.' : `${words(added)} added, ${words(removed)} removed.`}
      </p>
      <CompareText blocks={blocks} />
    </div>
  );
}

function words(count: number): string {
  return count === 1 ? '1 word' : `${count} words`;
}
