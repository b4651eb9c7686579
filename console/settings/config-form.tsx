/** Some of the settings, in the units that people think in; each says what is wrong with it itself. */
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ConfigEntry } from '../../src/contract/config.ts';
import { ApiError } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Switch } from '../ui/switch.tsx';
import { t } from '../words/t.ts';
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
  /** Whether its value is `on` or `off`, and nothing else. */
  isSwitch?: boolean;
  /** Whether a switch is on where nothing is set. */
  isOn?: boolean;
  /** What counts where nothing is set. */
  otherwise?: string | undefined;
  /** Values to choose from, beside typing another. */
  choices?: readonly string[];
  /** All that it may be, each with its words; an empty one stands for what counts where nothing is set. */
  options?: readonly (readonly [value: string, words: string])[];
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
  const write = (key: string, text: string) => setTexts({ ...texts, [key]: text });
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
          {settings.map((setting) => {
            const entry = config.find((one) => one.key === setting.key);
            return (
              <div key={setting.key} id={setting.key} className="scroll-mt-4">
                <Field
                  label={setting.label}
                  hint={setting.hint}
                  error={setting.key === put.failedKey ? fieldError : undefined}
                >
                  {(props) =>
                    setting.isSwitch ? (
                      <Switch
                        {...props}
                        checked={
                          (texts[setting.key] ?? entry?.value ?? (setting.isOn ? 'on' : 'off')) === 'on'
                        }
                        onCheckedChange={(isOn) => write(setting.key, isOn ? 'on' : 'off')}
                      />
                    ) : setting.options ? (
                      <Select
                        {...props}
                        value={texts[setting.key] ?? entry?.value ?? ''}
                        onChange={({ target }) => write(setting.key, target.value)}
                      >
                        <option value="">{setting.otherwise}</option>
                        {setting.options.map(([value, words]) => (
                          <option key={value} value={value}>
                            {words}
                          </option>
                        ))}
                      </Select>
                    ) : (
                      <TextSetting
                        {...props}
                        setting={setting}
                        entry={entry}
                        text={texts[setting.key]}
                        onText={(text) => write(setting.key, text)}
                      />
                    )
                  }
                </Field>
              </div>
            );
          })}
        </div>
        {children}
        {put.error && fieldError === undefined ? <ProblemNote error={put.error} /> : null}
        <Button type="submit" look="primary" busy={put.isPending} disabled={changed.length === 0}>
          {t('Save')}
        </Button>
      </form>
    </Panel>
  );
}

function TextSetting({
  setting: { key, unit, isSecret, otherwise, choices },
  entry,
  text,
  onText,
  ...props
}: {
  setting: Setting;
  entry: ConfigEntry | undefined;
  /** What was typed; undefined where nothing was. */
  text: string | undefined;
  onText(text: string): void;
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}) {
  const list = choices === undefined ? undefined : `${key}-choices`;
  return (
    <>
      <Input
        {...props}
        list={list}
        inputMode={unit === undefined ? undefined : 'decimal'}
        type={isSecret ? 'password' : 'text'}
        autoComplete={isSecret ? 'new-password' : 'off'}
        placeholder={isSecret && entry?.sealed ? t('sealed, and kept') : otherwise}
        spellCheck={false}
        value={text ?? shown(entry?.value ?? '', unit)}
        onChange={({ target }) => onText(target.value)}
      />
      {list === undefined ? null : (
        <datalist id={list}>
          {choices?.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </>
  );
}
