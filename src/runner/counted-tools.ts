/** What the tools of a skill's steps take, by the endpoint's own count where it counts, and by our estimate where not. */
import { readModelSettings } from '../config/model-settings.ts';
import { readCatalog } from '../connections/tools/catalog.ts';
import type { Skill } from '../contract/skills.ts';
import type { Database } from '../database/client.ts';
import type { Settings } from '../kernel/settings.ts';
import { type CountedTool, TokenCounts } from '../model/count-tokens.ts';
import type { ModelProxy } from '../model/tickets.ts';
import { fullModelName } from '../money/prices.ts';
import { connectionsOf } from '../skills/check-tools.ts';
import { toolsOf } from './step-tools.ts';

const counts = new TokenCounts();

type CountDeps = {
  db: Database;
  settings: Pick<Settings, 'model'>;
  proxy: Pick<ModelProxy, 'socketPath' | 'issue'>;
};

/**
 * `skill` with the counts in `toolTokens`. The rehearsal model counts nothing, and is not asked.
 *
 * @param options.mayAsk false: what was counted before is taken, and nobody is asked
 */
export async function withCounts<Shown extends Pick<Skill, 'steps' | 'model' | 'toolTokens'>>(
  { db, settings, proxy }: CountDeps,
  skill: Shown,
  { mayAsk }: { mayAsk: boolean },
): Promise<Shown> {
  const sizes = skill.toolTokens ?? [];
  if (sizes.length === 0) return skill;
  const { model: usual, baseUrl, rehearsal } = await readModelSettings({ db, settings });
  if (rehearsal) return skill;
  const endpoint = { proxy, baseUrl, model: fullModelName(skill.model ?? usual) };
  const catalog = await readCatalog(db.prisma, connectionsOf(skill.steps));
  const toolTokens = await Promise.all(
    sizes.map(async (size) => {
      const allowed = skill.steps.find(({ id }) => id === size.step)?.allowedTools ?? [];
      const tools = toolsOf(allowed, catalog).map(
        ({ name, definition }): CountedTool => ({
          name,
          description: definition.description,
          input_schema: definition.inputSchema,
        }),
      );
      // Those of a connection that nobody has approved yet are in the estimate alone.
      if (tools.length !== size.tools) return size;
      const tokens = mayAsk ? await counts.count(endpoint, tools) : counts.known(endpoint, tools);
      return tokens === undefined ? size : { ...size, tokens, isCounted: true };
    }),
  );
  return { ...skill, toolTokens };
}
