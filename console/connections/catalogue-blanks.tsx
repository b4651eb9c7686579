/** Asks for what an entry of the catalogue leaves to its owner, in place of having it looked for in a command line. */
import { TextField } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import { filled } from './blanks.ts';
import type { CatalogueEntry } from './catalogue.ts';

export type Values = Readonly<Record<string, string>>;

export function CatalogueBlanks({
  entry,
  values,
  text,
  onValues,
}: {
  entry: CatalogueEntry;
  /** By the example that each stands for. */
  values: Values;
  text: string;
  onValues(values: Values): void;
}) {
  // A text that was changed by hand is not written over.
  if (text !== filled(entry.text, values)) return null;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {entry.blanks.map(({ example, label }) => (
        <TextField
          key={example}
          label={label}
          hint={
            example.startsWith('/')
              ? t('On the machine that Alfred runs on, for example {example}', { example })
              : t('As Alfred’s machine reaches it, for example {example}', { example })
          }
          required
          autoComplete="off"
          spellCheck={false}
          value={values[example] ?? ''}
          onText={(value) => onValues({ ...values, [example]: value })}
        />
      ))}
    </div>
  );
}
