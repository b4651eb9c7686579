/** What the console reads, by noun. Keys begin with the noun, so that a change can put a whole noun out of date. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Approval } from '../../src/contract/approvals.ts';
import type { AuditEvent } from '../../src/contract/audit.ts';
import type { Budget, Stopped } from '../../src/contract/budget.ts';
import type { ConfigEntry } from '../../src/contract/config.ts';
import type { Connection } from '../../src/contract/connections.ts';
import type { CoreLink, CorePreview, KeptReport } from '../../src/contract/core.ts';
import type { Execution, ExecutionSummary } from '../../src/contract/executions.ts';
import type { ListedSkill } from '../../src/contract/listed-skill.ts';
import type { Model } from '../../src/contract/model.ts';
import type { Notices } from '../../src/contract/notices.ts';
import type { SchedulePreview } from '../../src/contract/schedules.ts';
import type { Secret } from '../../src/contract/secret-uses.ts';
import type { sessionSchema } from '../../src/contract/session.ts';
import type { Skill, skillVersionSchema } from '../../src/contract/skills.ts';
import type { Stats } from '../../src/contract/stats.ts';
import type { Template } from '../../src/contract/templates.ts';
import type { tokenSchema } from '../../src/contract/tokens.ts';
import type { vaultSchema } from '../../src/contract/vault.ts';
import type { Hook } from '../../src/contract/webhooks.ts';
import { api, queryOf } from './client.ts';

export type Page<Item> = { items: Item[]; nextCursor: string | null };
export type Session = z.infer<typeof sessionSchema>;
export type Vault = z.infer<typeof vaultSchema>;
export type Token = z.infer<typeof tokenSchema>;
export type SkillVersion = z.infer<typeof skillVersionSchema>;

/** The whole of a list that is short by nature: connections, skills. */
async function all<Item>(path: string, signal: AbortSignal): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await api<Page<Item>>('GET', `${path}${queryOf({ limit: 200, cursor })}`, undefined, {
      signal,
    });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api<Session>('GET', '/api/v1/session', undefined, { signal }),
  retry: false,
  staleTime: 60_000,
});

export const modelQuery = queryOptions({
  queryKey: ['model'],
  queryFn: ({ signal }) => api<Model>('GET', '/api/v1/model', undefined, { signal }),
});

export const vaultQuery = queryOptions({
  queryKey: ['vault'],
  queryFn: ({ signal }) => api<Vault>('GET', '/api/v1/vault', undefined, { signal }),
});

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => all<ConfigEntry>('/api/v1/config', signal),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => all<Token>('/api/v1/tokens', signal),
});

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => all<Connection>('/api/v1/connections', signal),
});

export const connectionQuery = (name: string) =>
  queryOptions({
    queryKey: ['connections', name],
    queryFn: ({ signal }) =>
      api<Connection>('GET', `/api/v1/connections/${encodeURIComponent(name)}`, undefined, { signal }),
  });

export const skillsQuery = queryOptions({
  queryKey: ['skills'],
  queryFn: ({ signal }) => all<ListedSkill>('/api/v1/skills', signal),
});

export const skillQuery = (slug: string) =>
  queryOptions({
    queryKey: ['skills', slug],
    queryFn: ({ signal }) =>
      api<Skill>('GET', `/api/v1/skills/${encodeURIComponent(slug)}`, undefined, { signal }),
  });

export const versionsQuery = (slug: string) =>
  queryOptions({
    queryKey: ['skills', slug, 'versions'],
    queryFn: ({ signal }) => all<SkillVersion>(`/api/v1/skills/${encodeURIComponent(slug)}/versions`, signal),
  });

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) =>
    (await api<{ items: Template[] }>('GET', '/api/v1/templates', undefined, { signal })).items,
});

export type ExecutionFilters = Partial<
  Record<'status' | 'skill' | 'trigger' | 'mode' | 'q' | 'from' | 'to', string>
>;

export const executionsQuery = (filters: ExecutionFilters, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['executions', 'list', filters, limit],
    queryFn: ({ pageParam, signal }) =>
      api<Page<ExecutionSummary>>(
        'GET',
        `/api/v1/executions${queryOf({ ...filters, limit, cursor: pageParam })}`,
        undefined,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'one', id],
    queryFn: ({ signal }) => api<Execution>('GET', `/api/v1/executions/${id}`, undefined, { signal }),
    // To compare megabytes of a trace takes longer than to draw what is shown of it.
    structuralSharing: false,
  });

export const schedulePreviewQuery = (cron: string, timezone: string | undefined) =>
  queryOptions({
    queryKey: ['schedule', cron, timezone],
    queryFn: ({ signal }) =>
      api<SchedulePreview>(
        'POST',
        '/api/v1/schedules/preview',
        { cron, ...(timezone === undefined ? {} : { timezone }) },
        { signal },
      ),
    staleTime: 60_000,
  });

export const statsQuery = (days: number) =>
  queryOptions({
    queryKey: ['stats', days],
    queryFn: ({ signal }) => api<Stats>('GET', `/api/v1/stats${queryOf({ days })}`, undefined, { signal }),
    staleTime: 15_000,
  });

export const budgetQuery = queryOptions({
  queryKey: ['budget'],
  queryFn: ({ signal }) => api<Budget>('GET', '/api/v1/budget', undefined, { signal }),
});

export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: ({ signal }) => api<Notices>('GET', '/api/v1/notices', undefined, { signal }),
});

export const stopQuery = queryOptions({
  queryKey: ['stop'],
  queryFn: ({ signal }) => api<{ stopped: Stopped | null }>('GET', '/api/v1/stop-all', undefined, { signal }),
});

export const hookQuery = (slug: string) =>
  queryOptions({
    queryKey: ['skills', slug, 'hook'],
    queryFn: ({ signal }) => api<Hook>('GET', `/api/v1/skills/${slug}/hook`, undefined, { signal }),
  });

/** Those that wait, of one execution or of all. */
export const approvalsQuery = (execution: string | undefined) =>
  queryOptions({
    queryKey: ['approvals', execution],
    queryFn: async ({ signal }) =>
      (
        await api<Page<Approval>>(
          'GET',
          `/api/v1/approvals${queryOf({ status: 'pending', execution, limit: 50 })}`,
          undefined,
          { signal },
        )
      ).items,
  });

export const coreQuery = queryOptions({
  queryKey: ['core', 'link'],
  queryFn: ({ signal }) => api<CoreLink>('GET', '/api/v1/core', undefined, { signal }),
});

/** A POST, as with a link it makes the report that it shows. */
export const corePreviewQuery = queryOptions({
  queryKey: ['core', 'preview'],
  queryFn: ({ signal }) => api<CorePreview>('POST', '/api/v1/core/preview', undefined, { signal }),
});

export const coreReportsQuery = infiniteQueryOptions({
  queryKey: ['core', 'reports'],
  queryFn: ({ pageParam, signal }) =>
    api<Page<KeptReport>>(
      'GET',
      `/api/v1/core/reports${queryOf({ limit: 20, cursor: pageParam })}`,
      undefined,
      {
        signal,
      },
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

/** Every secret, where it was used and what stands on it; under `vault`, as it changes with it. */
export const secretsQuery = queryOptions({
  queryKey: ['vault', 'secrets'],
  queryFn: ({ signal }) => all<Secret>('/api/v1/secret-uses', signal),
});

export type AuditFilters = Partial<Record<'action' | 'actor' | 'subject', string>>;

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) =>
      api<Page<AuditEvent>>(
        'GET',
        `/api/v1/audit${queryOf({ ...filters, limit: 50, cursor: pageParam })}`,
        undefined,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
