/** A SKILL.md, or its folder, that is dropped anywhere on the page. */
import { type ReactNode, useEffect, useRef, useState } from 'react';

/** What a browser's dialog offers to be picked. */
export const skillFiles = '.md,text/markdown';

/** Over all of the page, while something is held there. */
export const DropHere = ({ children }: { children: ReactNode }) => (
  <div className="pointer-events-none fixed inset-3 z-30 flex items-center justify-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/90 text-lg font-semibold">
    {children}
  </div>
);

/** Files that are dragged over the window, and dropped on it. */
export function useDrop(onDrop: (data: DataTransfer) => void): boolean {
  const [isOver, setOver] = useState(false);
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(() => {
    const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    // It left the window when it goes to nothing.
    const leave = (event: DragEvent) => (event.relatedTarget === null ? setOver(false) : undefined);
    const dropped = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) drop.current(event.dataTransfer);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', dropped);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', dropped);
    };
  }, []);
  return isOver;
}
