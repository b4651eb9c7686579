/** What the console reads, by noun. Keys begin with the noun, so that a change can put a whole noun out of date. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Conversation } from '../../src/contract/chat.ts';
import { isFinal } from '../../src/contract/execution-status.ts';
import { listItems } from '../../src/contract/list-items.ts';
import type { skillVersionSchema } from '../../src/contract/skills.ts';
import type { tokenSchema } from '../../src/contract/tokens.ts';
import { api } from './api.ts';
import { sessionKey } from './query-client.ts';

export type Token = z.infer<typeof tokenSchema>;
export type SkillVersion = z.infer<typeof skillVersionSchema>;

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: ({ signal }) => api.showSession({}, { signal }),
  retry: false,
  staleTime: 60_000,
});

export const modelQuery = queryOptions({
  queryKey: ['model'],
  queryFn: ({ signal }) => api.showModel({}, { signal }),
});

export const vaultQuery = queryOptions({
  queryKey: ['vault'],
  queryFn: ({ signal }) => api.showVault({}, { signal }),
});

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => listItems(api.listConfig, {}, { signal }),
});

/** What there is to set; it changes with the program alone. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: async ({ signal }) => (await api.listSettings({}, { signal })).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => listItems(api.listTokens, {}, { signal }),
});

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: ({ signal }) => listItems(api.listConnections, {}, { signal }),
});

export const connectionQuery = (name: string) =>
  queryOptions({
    queryKey: ['connections', name],
    queryFn: ({ signal }) => api.getConnection({ params: { name } }, { signal }),
  });

export const skillsQuery = queryOptions({
  queryKey: ['skills'],
  queryFn: ({ signal }) => listItems(api.listSkills, {}, { signal }),
});

export const skillQuery = (slug: string) =>
  queryOptions({
    queryKey: ['skills', slug],
    queryFn: ({ signal }) => api.getSkill({ params: { slug } }, { signal }),
  });

export const versionsQuery = (slug: string) =>
  queryOptions({
    queryKey: ['skills', slug, 'versions'],
    queryFn: ({ signal }) => listItems(api.listSkillVersions, { params: { slug } }, { signal }),
  });

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) => (await api.listTemplates({}, { signal })).items,
});

/** As they stand in an address. */
export const executionFilterNames = [
  ...(['status', 'skill', 'trigger', 'mode', 'q', 'from', 'to', 'since'] as const),
  ...(['model', 'connection', 'pinned', 'rating', 'unread', 'minCostUsd', 'maxCostUsd'] as const),
] as const;
export type ExecutionFilters = Partial<Record<(typeof executionFilterNames)[number], string>>;

/** @param excerpt how many characters of each output are told */
export const executionsQuery = (filters: ExecutionFilters, limit = 50, excerpt = 0) =>
  infiniteQueryOptions({
    queryKey: ['executions', 'list', filters, limit, excerpt],
    queryFn: ({ pageParam, signal }) =>
      // Filters as they stand in the page's own address: the server says what it knows of them.
      api.listExecutions(
        { query: { ...(filters as object), limit, excerpt, cursor: pageParam } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'one', id],
    queryFn: ({ signal }) => api.getExecution({ params: { id }, query: { trace: 'none' } }, { signal }),
  });

/** What was said in it, message by message: many megabytes perhaps, so it is read when somebody looks at it. */
export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: [...executionQuery(id).queryKey, 'trace'],
    queryFn: async ({ signal }) => (await api.getExecution({ params: { id } }, { signal })).trace,
    // To compare megabytes takes longer than to draw what is shown of them.
    structuralSharing: false,
  });

/** Read again while the replay goes on. */
export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ['executions', 'comparison', id],
    queryFn: ({ signal }) => api.compareReplay({ params: { id } }, { signal }),
    refetchInterval: ({ state }) => (state.data && !isFinal(state.data.replay.status) ? 1000 : false),
  });

/** @param span days up to today, or a month, as 2026-11 */
export const statsQuery = (span: number | string) =>
  queryOptions({
    queryKey: ['stats', span],
    queryFn: ({ signal }) =>
      api.readStats({ query: typeof span === 'number' ? { days: span } : { month: span } }, { signal }),
    staleTime: 15_000,
  });

export const budgetQuery = queryOptions({
  queryKey: ['budget'],
  queryFn: ({ signal }) => api.readBudget({}, { signal }),
});

export const backupsQuery = queryOptions({
  queryKey: ['backups'],
  queryFn: ({ signal }) => api.readBackups({}, { signal }),
});

export const stopQuery = queryOptions({
  queryKey: ['stop'],
  queryFn: ({ signal }) => api.readStop({}, { signal }),
});

export const hookQuery = (slug: string) =>
  queryOptions({
    queryKey: ['skills', slug, 'hook'],
    queryFn: ({ signal }) => api.showHook({ params: { slug } }, { signal }),
  });

/** Those that wait, of one execution or of all. */
export const approvalsQuery = (execution: string | undefined) =>
  queryOptions({
    queryKey: ['approvals', execution],
    queryFn: async ({ signal }) =>
      (await api.listApprovals({ query: { status: 'pending', execution, limit: 50 } }, { signal })).items,
  });

export const coreQuery = queryOptions({
  queryKey: ['core', 'link'],
  queryFn: ({ signal }) => api.showCore({}, { signal }),
});

/** Every secret, where it was used and what stands on it; under `vault`, as it changes with it. */
export const secretsQuery = queryOptions({
  queryKey: ['vault', 'secrets'],
  queryFn: ({ signal }) => listItems(api.listSecretUses, {}, { signal }),
});

export type AuditFilters = Partial<Record<'action' | 'actor' | 'subject', string>>;

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) =>
      api.listAudit({ query: { ...filters, limit: 50, cursor: pageParam } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** The latest activity first; `q` looks in titles and messages. */
export const conversationsQuery = (filters: { q: string; archived: boolean }) =>
  infiniteQueryOptions({
    queryKey: ['conversations', 'list', filters],
    queryFn: ({ pageParam, signal }) =>
      api.listConversations(
        {
          query: {
            ...(filters.q === '' ? {} : { q: filters.q }),
            ...(filters.archived ? { archived: 'true' } : {}),
            limit: 50,
            cursor: pageParam,
          },
        },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** A conversation as it was read or changed last; who shows it puts it here. */
export const shownConversationQuery = (id: string) =>
  queryOptions<Conversation>({ queryKey: ['conversation', id], queryFn: skipToken });

/** The newest first; `open` has the stale ones too. */
export const proposalsQuery = (status?: 'open' | 'accepted' | 'rejected') =>
  infiniteQueryOptions({
    queryKey: ['proposals', 'list', status],
    queryFn: ({ pageParam, signal }) =>
      api.listProposals(
        { query: { ...(status === undefined ? {} : { status }), limit: 30, cursor: pageParam } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const proposalQuery = (id: string) =>
  queryOptions({
    queryKey: ['proposals', 'one', id],
    queryFn: ({ signal }) => api.getProposal({ params: { id } }, { signal }),
  });
