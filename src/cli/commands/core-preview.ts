import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';

export function addCorePreview(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'preview',
    summary: 'the next report to Core, byte for byte',
    description:
      'What is shown is kept, and goes out next: what ends meanwhile is in the report after it. While no Core is linked it is an example.',
    examples: [['alfred core preview', 'the whole request, headers and all']],
    async run(context) {
      const preview = await (await context.api()).previewCoreReport();
      const { out, err } = context;
      present(context, preview, ({ method, path, headers, body }) =>
        body === null
          ? 'nothing to report: no live execution has ended since the last one'
          : [
              `${out.bold(method)} ${path}`,
              ...Object.entries(headers).map(([name, value]) => `${out.dim(`${name}:`)} ${value}`),
              '',
              body,
            ].join('\n'),
      );
      if (preview.body !== null) {
        context.note(
          err.dim(
            preview.isKept ? '  these bytes go out next' : '  an example: this VM is linked to no Core',
          ),
        );
      }
      return undefined;
    },
  });
}
