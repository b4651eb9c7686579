/** Calls one tool by hand, with a form from its schema. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { PinnedTool } from '../../src/contract/connections.ts';
import { api } from '../api/api.ts';
import { InputControl } from '../executions/input-control.tsx';
import { fieldsOfSchema, typedValue } from '../executions/input-fields.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { duration } from '../ui/format.ts';
import { JsonBox } from '../ui/json-tree.tsx';
import { own } from '../ui/own.ts';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';

export function TryTool({
  connection,
  tool,
  disabled,
}: {
  connection: string;
  tool: PinnedTool;
  disabled: boolean;
}) {
  const fields = fieldsOfSchema(tool.inputSchema);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const call = useMutation({
    mutationFn: () => {
      const given = fields.flatMap((field) => {
        const text = own(texts, field.name) ?? field.initial;
        return text === '' ? [] : [[field.name, typedValue(field, text)] as const];
      });
      return api.callTool({
        params: { name: connection, tool: tool.name },
        body: {
          arguments: Object.fromEntries(given),
        },
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    call.mutate();
  };
  return (
    <form onSubmit={submit} className="max-w-xl space-y-3">
      {fields.map((field) => (
        <Field
          key={field.name}
          label={
            <>
              {field.name}{' '}
              {field.required ? null : <span className="font-normal text-ink-3">{t('may be empty')}</span>}
            </>
          }
          hint={field.description}
        >
          {(props) => (
            <InputControl
              field={field}
              value={own(texts, field.name) ?? field.initial}
              onValue={(text) => setTexts({ ...texts, [field.name]: text })}
              {...props}
            />
          )}
        </Field>
      ))}
      <div className="flex items-center gap-3">
        <Button type="submit" size="sm" busy={call.isPending} disabled={disabled}>
          {t('Try it')}
        </Button>
        {tool.annotations?.readOnlyHint ? null : (
          <span className="text-[13px] text-wait">{t('This really calls it.')}</span>
        )}
      </div>
      {call.error ? <ProblemNote error={call.error} /> : null}
      {call.data ? (
        <div className="space-y-1">
          <p className="text-[13px] text-ink-2">
            {call.data.isError
              ? t('It answered with an error, after {took}', { took: duration(call.data.durationMs) })
              : t('It answered, after {took}', { took: duration(call.data.durationMs) })}
          </p>
          <JsonBox value={call.data.structuredContent ?? call.data.content} />
        </div>
      ) : null}
    </form>
  );
}
