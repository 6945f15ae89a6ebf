/** What can be done with the statement as a whole: taken along, printed, replaced. */
import { Download, EllipsisVertical, FileUp, Printer } from 'lucide-react';
import { Button, IconButton, Menu, MenuItem, useToast } from '../../ui';
import { downloadMarkdown } from './MarkdownDialogs';
import styles from './statement.module.css';

interface StatementMenuProps {
  challenge: { id: string; title: string };
  onImport: () => void;
}

export function StatementMenu({ challenge, onImport }: StatementMenuProps) {
  const download = useDownload(challenge);
  return (
    <Menu label="More" trigger={<IconButton size="small" label="More" icon={<EllipsisVertical aria-hidden />} />}>
      <MenuItem icon={<Download aria-hidden />} onAction={download}>
        Download as Markdown
      </MenuItem>
      <MenuItem icon={<FileUp aria-hidden />} onAction={onImport}>
        Replace with Markdown…
      </MenuItem>
      <MenuItem icon={<Printer aria-hidden />} onAction={() => window.print()}>
        Print
      </MenuItem>
    </Menu>
  );
}

/** For those who read: in place of the toolbar. */
export function ReadersBar({ challenge }: Pick<StatementMenuProps, 'challenge'>) {
  const download = useDownload(challenge);
  return (
    <div className={styles.tools}>
      <Button size="small" variant="quiet" icon={<Download aria-hidden />} onPress={download}>
        Download as Markdown
      </Button>
      <Button size="small" variant="quiet" icon={<Printer aria-hidden />} onPress={() => window.print()}>
        Print
      </Button>
    </div>
  );
}

function useDownload(challenge: StatementMenuProps['challenge']): () => void {
  const toast = useToast();
  return () =>
    void downloadMarkdown(challenge).catch(() => toast('The download did not work. Try again in a moment.', { tone: 'error' }));
}
