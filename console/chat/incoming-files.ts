/** Files that are dropped on a place, or pasted into it. */
import { type ClipboardEvent, type DragEvent, useState } from 'react';
import { sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

export function useIncomingFiles(onFiles: (files: File[]) => void) {
  const [isOver, setOver] = useState(false);
  return {
    /** Files are held over the place where they can be dropped. */
    isOver,
    filesProps: {
      onDragOver: (event: DragEvent) => {
        // A text that is dragged goes where the browser puts it.
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        setOver(false);
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        onFiles(droppedFiles(event.dataTransfer));
      },
      onPaste: (event: ClipboardEvent) => {
        const { clipboardData } = event;
        if (clipboardData.files.length === 0 || isWrittenText(clipboardData)) return;
        event.preventDefault();
        onFiles([...clipboardData.files]);
      },
    },
  };
}

/** Word and Excel put a picture of what is copied beside its text. A file's own name beside it is no text that was meant. */
const isWrittenText = (data: DataTransfer): boolean =>
  data.types.includes('text/html') && data.getData('text/plain') !== '';

/** A folder looks like a file here, and cannot be read. */
function droppedFiles({ items }: DataTransfer): File[] {
  const files: File[] = [];
  for (const item of items) {
    const file = item.getAsFile();
    if (item.webkitGetAsEntry()?.isDirectory === true)
      sayProblem(
        new Error(t('{name} is a folder: drop the files in it.', { name: file?.name ?? t('This') })),
      );
    else if (file !== null) files.push(file);
  }
  return files;
}
