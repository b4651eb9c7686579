/** Where code is kept. */
import type { KnownProvider } from './known-provider.ts';

export const codeProviders = {
  github: {
    title: 'GitHub',
    apis: ['api.github.com'],
    authorizationUrl: 'https://github.com/login/oauth/authorize',
    tokenUrl: 'https://github.com/login/oauth/access_token',
    deviceUrl: 'https://github.com/login/device/code',
    send: 'body',
    secret: 'maybe',
    pkce: true,
    renews: 'An OAuth app’s tokens do not end by themselves; a GitHub app’s are renewed by themselves.',
    scopes: {
      'read:user': 'See your profile',
      'user:email': 'See your mail addresses',
      public_repo: 'See and change your public repositories',
      repo: 'See and change all your repositories, private ones too',
      'read:org': 'See your organisations and teams',
      notifications: 'See and mark your notifications',
      gist: 'Write gists',
      project: 'See and change your projects',
      workflow: 'Change the files of GitHub Actions',
    },
    client: {
      url: 'https://github.com/settings/developers',
      steps: [
        'OAuth Apps → New OAuth App.',
        'Authorization callback URL: {redirect}',
        'Tick Enable Device Flow, if you want to enter a code on another device.',
        'Copy the client ID; for the browser’s way, generate a client secret too.',
      ],
    },
    redirect: 'port',
    know: [
      'Codes for another device are refused until Enable Device Flow is ticked. That way needs no secret.',
      'There is no way to read a private repository alone: the scope repo is for reading and writing.',
      'An organisation may have to allow the app before its repositories are seen.',
      'Tokens are taken back at an endpoint of its own kind, which Alfred does not call: github.com/settings/applications.',
    ],
    sources: [
      'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps',
      'https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps',
    ],
  },
  gitlab: {
    title: 'GitLab',
    apis: ['gitlab.com'],
    authorizationUrl: 'https://gitlab.com/oauth/authorize',
    tokenUrl: 'https://gitlab.com/oauth/token',
    deviceUrl: 'https://gitlab.com/oauth/authorize_device',
    revocationUrl: 'https://gitlab.com/oauth/revoke',
    send: 'body',
    secret: 'maybe',
    pkce: true,
    renews: 'Renewed by itself, with another renewal token each time.',
    scopes: {
      read_user: 'See who you are',
      read_api: 'See all that you can see: projects, issues, code',
      api: 'See and change all that you can',
      read_repository: 'Read the code of projects by git',
      write_repository: 'Write the code of projects by git',
    },
    client: {
      url: 'https://gitlab.com/-/user_settings/applications',
      steps: [
        'Add new application; Redirect URI: {redirect}',
        'Leave Confidential ticked for a client with a secret.',
        'Tick the scopes that Alfred may have. Save, and copy the application ID and the secret.',
      ],
    },
    redirect: 'exact',
    know: [
      'Another GitLab than gitlab.com has its own addresses: give the connection them (--authorize-url, --token-url).',
      'Scopes that are not ticked at the application are refused.',
    ],
    sources: ['https://docs.gitlab.com/api/oauth2/', 'https://docs.gitlab.com/integration/oauth_provider/'],
  },
} as const satisfies Record<string, KnownProvider>;
