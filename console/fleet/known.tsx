/** What Core knows of a VM, and how its owner sees that for themselves. */
import { Panel } from '../ui/panel.tsx';

export const Known = ({ isProvider }: { isProvider: boolean }) => (
  <Panel title="What Core can never see">
    <div className="space-y-2 text-ink-2">
      <p>
        A VM tells Core three integers (executions, their duration, tokens) with an id and two times, and
        nothing else: no name, no prompt, no result, no connection. Nobody need take that on trust.
      </p>
      <ul className="list-disc space-y-1 pl-5">
        <li>
          On the VM <code>npx alfred core preview</code> prints the very bytes that go out next, and its page
          Core has every report that ever went out.
        </li>
        <li>
          <code>npx alfred config set core_token_scopes none</code> on the VM shuts out whoever comes through
          Core.
        </li>
        {isProvider ? (
          <li>
            docs/provider.md, “What you can never see, and how to prove it”, has more proofs, and what remains
            to be said honestly.
          </li>
        ) : null}
      </ul>
    </div>
  </Panel>
);
