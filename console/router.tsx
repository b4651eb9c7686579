/** Addresses and the page at each; a page's code comes when it is gone to. */
import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router';
import type { ExecutionFilters } from './api/queries.ts';
// Before the router looks at the address.
import './connections/came-back.ts';
import { HomePage } from './home/home.tsx';
import { Shell } from './layout/shell.tsx';
import { buttonClass } from './ui/button.tsx';
import { Empty } from './ui/panel.tsx';
import { ProblemNote } from './ui/problem.tsx';

const root = createRootRoute({
  component: Shell,
  errorComponent: ({ error }) => <ProblemNote error={error} />,
  notFoundComponent: () => (
    <Empty
      title="There is nothing at this address"
      action={
        <Link to="/" className={buttonClass()}>
          Go home
        </Link>
      }
    >
      What stood here may have been removed.
    </Empty>
  ),
});
const parent = () => root;

const filterNames = ['status', 'skill', 'trigger', 'mode', 'q', 'from', 'to'] as const;
const executionFilters = (search: Record<string, unknown>): ExecutionFilters =>
  Object.fromEntries(filterNames.flatMap((name) => (search[name] ? [[name, String(search[name])]] : [])));

const chat = createRoute({
  getParentRoute: parent,
  path: '/chat',
  component: lazyRouteComponent(() => import('./chat/chat.tsx'), 'ChatLayout'),
});

const routes = [
  createRoute({ getParentRoute: parent, path: '/', component: HomePage }),
  chat.addChildren([
    createRoute({
      getParentRoute: () => chat,
      path: '/',
      component: lazyRouteComponent(() => import('./chat/new-conversation.tsx'), 'NewConversationPage'),
    }),
    createRoute({
      getParentRoute: () => chat,
      path: '/$id',
      component: lazyRouteComponent(() => import('./chat/conversation.tsx'), 'ConversationPage'),
    }),
  ]),
  createRoute({
    getParentRoute: parent,
    path: '/executions',
    validateSearch: executionFilters,
    component: lazyRouteComponent(() => import('./executions/executions.tsx'), 'ExecutionsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/executions/$id',
    component: lazyRouteComponent(() => import('./executions/execution.tsx'), 'ExecutionPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/executions/$id/comparison',
    component: lazyRouteComponent(() => import('./executions/comparison.tsx'), 'ComparisonPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills',
    component: lazyRouteComponent(() => import('./skills/skills.tsx'), 'SkillsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/new',
    component: lazyRouteComponent(() => import('./skills/skill-new.tsx'), 'NewSkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/write',
    component: lazyRouteComponent(() => import('./skills/skill-edit.tsx'), 'WriteSkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/$slug',
    validateSearch: (search: Record<string, unknown>): { run?: true } =>
      search.run === true ? { run: true } : {},
    component: lazyRouteComponent(() => import('./skills/skill.tsx'), 'SkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/skills/$slug/edit',
    component: lazyRouteComponent(() => import('./skills/skill-edit.tsx'), 'EditSkillPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/proposals',
    component: lazyRouteComponent(() => import('./proposals/proposals.tsx'), 'ProposalsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/proposals/$id',
    component: lazyRouteComponent(() => import('./proposals/proposal.tsx'), 'ProposalPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/proposals/$id/edit',
    component: lazyRouteComponent(() => import('./proposals/proposal-edit.tsx'), 'EditProposalPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/connections',
    component: lazyRouteComponent(() => import('./connections/connections.tsx'), 'ConnectionsPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/connections/add',
    component: lazyRouteComponent(() => import('./connections/connection-add.tsx'), 'AddConnectionPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/connections/$name',
    component: lazyRouteComponent(() => import('./connections/connection.tsx'), 'ConnectionPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/oauth/callback',
    component: lazyRouteComponent(() => import('./connections/login-callback.tsx'), 'LoginCallbackPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/vault',
    component: lazyRouteComponent(() => import('./vault/vault.tsx'), 'VaultPage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/core',
    component: lazyRouteComponent(() => import('./core/core.tsx'), 'CorePage'),
  }),
  createRoute({
    getParentRoute: parent,
    path: '/settings',
    component: lazyRouteComponent(() => import('./settings/settings.tsx'), 'SettingsPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
