/** One version, to read. */
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Version, VersionDetail } from '../../api/types';
import { Button, Dialog, DialogActions, FormError, Loading } from '../../ui';
import { Reading } from './Reading';
import { titleOf } from './versions';

interface VersionViewProps {
  challenge: string;
  version: Version;
  onClose: () => void;
  /** Null where the person may not. */
  onRestore: (() => void) | null;
}

export function VersionView({ challenge, version, onClose, onRestore }: VersionViewProps) {
  const detail = useQuery({
    queryKey: ['challenge', challenge, 'versions', version.id],
    queryFn: ({ signal }) => api.get<VersionDetail>(`/api/challenges/${challenge}/statement/versions/${version.id}`, signal),
    staleTime: Infinity,
  });
  return (
    <Dialog title={titleOf(version)} isOpen onClose={onClose} wide>
      <FormError error={detail.error} />
      {detail.data ? <Reading html={detail.data.html} /> : detail.isPending ? <Loading what="the version" lines={6} /> : null}
      <DialogActions>
        {onRestore ? <Button onPress={onRestore}>Go back to this version…</Button> : null}
        <Button variant="primary" onPress={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
