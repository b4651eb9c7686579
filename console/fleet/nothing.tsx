import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/panel.tsx';

/** In place of the VMs where there are none, or none like what is looked for. */
export function Nothing({
  isNarrowed,
  onAll,
  onEnrol,
}: {
  isNarrowed: boolean;
  onAll(): void;
  onEnrol: (() => void) | undefined;
}) {
  if (isNarrowed) {
    return (
      <Empty title="Nothing like that" action={<Button onClick={onAll}>Show all VMs</Button>}>
        No VM is called so, or stands so.
      </Empty>
    );
  }
  return (
    <Empty
      title="No VM yet"
      action={
        onEnrol ? (
          <Button look="primary" onClick={onEnrol}>
            Enrol a VM
          </Button>
        ) : undefined
      }
    >
      A VM enrols with a token that works once. From then on it reports three numbers, and nothing else.
    </Empty>
  );
}
