// Choosing image files from the device.
import { useEffect, useRef } from 'react';
import type { Picture } from '../input';
import { storage } from '../opened';
import { useScope } from '../scope';

interface PicturePickerProps {
  readonly onClose: () => void;
  readonly upload: (file: File) => Promise<Picture | null>;
}

export function PicturePicker({ onClose, upload }: PicturePickerProps) {
  const { view, context } = useScope();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const at = field.current;
    // Opening the device's own dialog needs no button of ours. Where it is given up nothing is told by old browsers: the field just waits.
    at?.addEventListener('cancel', onClose);
    at?.click();
    return () => at?.removeEventListener('cancel', onClose);
  }, [onClose]);
  return (
    <input
      ref={field}
      type="file"
      accept="image/png,image/jpeg,image/webp,image/gif,image/avif,image/svg+xml"
      multiple
      hidden
      aria-label="Images"
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        onClose();
        if (files.length === 0) return;
        void import('../input/transfer').then(({ addPictures }) =>
          addPictures({ view, storage: storage(), ask: context.ask, upload, pointer: () => null }, files, null),
        );
      }}
    />
  );
}
