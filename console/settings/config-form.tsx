/** Some of the settings, in the units that people think in; each says what is wrong with it itself. */
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ConfigEntry } from '../../src/contract/config.ts';
import { ApiError } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { shown, stored } from './config-units.ts';
import { usePutConfig } from './put-config.ts';

export type Setting = {
  key: string;
  label: string;
  hint: ReactNode;
  /** How many of what is stored make one of what is shown: 60,000 for minutes that are kept as milliseconds. */
  unit?: number;
  /** Whether the value is sealed: it can be typed, and is never shown again. */
  isSecret?: boolean;
  /** What counts where nothing is set. */
  otherwise?: string | undefined;
  /** Values to choose from, beside typing another. */
  choices?: readonly string[];
};

export function ConfigForm({
  id,
  title,
  settings,
  config,
  children,
}: {
  /** The name by which links lead to it. */
  id: string;
  title: string;
  settings: readonly Setting[];
  config: ConfigEntry[];
  children?: ReactNode;
}) {
  const put = usePutConfig();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const changed = settings.flatMap(({ key, unit }) => {
    const text = texts[key]?.trim();
    return text === undefined ? [] : [{ key, value: stored(text, unit) }];
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    put.mutate(changed, { onSuccess: () => setTexts({}) });
  };
  const fieldError =
    put.error instanceof ApiError && put.error.problem.status === 422
      ? (put.error.problem.errors?.[0]?.message ?? put.error.problem.detail)
      : undefined;
  return (
    <Panel id={id} title={title}>
      <form onSubmit={save} className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {settings.map(({ key, label, hint, unit, isSecret, otherwise, choices }) => {
            const entry = config.find((one) => one.key === key);
            const list = choices === undefined ? undefined : `${key}-choices`;
            return (
              <Field
                key={key}
                label={label}
                hint={hint}
                error={key === put.failedKey ? fieldError : undefined}
              >
                {(props) => (
                  <>
                    <Input
                      {...props}
                      list={list}
                      inputMode={unit === undefined ? undefined : 'decimal'}
                      type={isSecret ? 'password' : 'text'}
                      autoComplete={isSecret ? 'new-password' : 'off'}
                      placeholder={isSecret && entry?.sealed ? 'sealed, and kept' : otherwise}
                      spellCheck={false}
                      value={texts[key] ?? shown(entry?.value ?? '', unit)}
                      onChange={({ target }) => setTexts({ ...texts, [key]: target.value })}
                    />
                    {list === undefined ? null : (
                      <datalist id={list}>
                        {choices?.map((choice) => (
                          <option key={choice} value={choice} />
                        ))}
                      </datalist>
                    )}
                  </>
                )}
              </Field>
            );
          })}
        </div>
        {children}
        {put.error && fieldError === undefined ? <ProblemNote error={put.error} /> : null}
        <Button type="submit" look="primary" busy={put.isPending} disabled={changed.length === 0}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
