/** The tools of one connection that may be called, as a person approved them. */
import { AlfredError } from '../../kernel/errors.ts';
import { isSameCatalog, type Pin } from '../tools/compare-catalog.ts';

export class Pins {
  readonly #connection: string;
  readonly #onChanged: () => void;
  #tools: Map<string, Pin> | undefined;

  constructor(connection: string, onChanged: () => void) {
    this.#connection = connection;
    this.#onChanged = onChanged;
  }

  /** False until they are set, and while the link is being opened: then nothing may be called. */
  get areKnown(): boolean {
    return this.#tools !== undefined;
  }

  forget(): void {
    this.#tools = undefined;
  }

  /** @param before what they were; those that were set last, when left out */
  set(catalog: readonly Pin[], before: readonly Pin[] = [...(this.#tools?.values() ?? [])]): void {
    // Without their definitions, which are large, and which nobody asks for here.
    this.#tools = new Map(catalog.map((tool) => [tool.name, pinOf(tool)]));
    if (!isSameCatalog(before, catalog)) this.#onChanged();
  }

  /** @throws AlfredError E_UNKNOWN_TOOL, E_TOOL_CHANGED */
  assertMayCall(tool: string): void {
    const name = this.#connection;
    const pinned = this.#tools?.get(tool);
    if (pinned === undefined) {
      throw new AlfredError('E_UNKNOWN_TOOL', `"${name}" has no tool "${tool.slice(0, 200)}".`, {
        remedy: `See its tools with: npx alfred connection show ${name}`,
      });
    }
    if (pinned.off === undefined) return;
    if (pinned.off === 'unusable') {
      throw new AlfredError(
        'E_UNKNOWN_TOOL',
        `${tool} of "${name}" cannot be used: ${pinned.unusable ?? 'no model can be given it'}.`,
      );
    }
    throw new AlfredError('E_TOOL_CHANGED', `${tool} of "${name}" is off: ${whyOff[pinned.off]}.`, {
      remedy: `Look at the difference with "npx alfred connection show ${name}", then: npx alfred connection approve ${name}`,
    });
  }
}

const pinOf = ({ name, hash, off, scopes, unusable, pending }: Pin): Pin => ({
  ...{ name, hash, off, scopes, unusable },
  ...(pending === undefined ? {} : { pending: { hash: pending.hash, scopes: pending.scopes } }),
});

const whyOff = {
  changed: 'its definition changed since it was approved',
  new: 'it came after the approval, and nobody has approved it yet',
  gone: 'the server no longer offers it',
} as const;
