/** Sport, sleep and weight. */
import type { KnownProvider } from './known-provider.ts';

export const healthProviders = {
  strava: {
    title: 'Strava',
    apis: ['www.strava.com'],
    authorizationUrl: 'https://www.strava.com/oauth/authorize',
    tokenUrl: 'https://www.strava.com/api/v3/oauth/token',
    send: 'body',
    secret: 'always',
    pkce: false,
    ask: { approval_prompt: 'auto' },
    scopeSeparator: ',',
    renews: 'Renewed by itself; a token lasts six hours.',
    scopes: {
      read: 'See public routes and segments',
      'profile:read_all': 'See all of your profile',
      'activity:read': 'See activities that others may see',
      'activity:read_all': 'See all your activities, private ones too',
      'activity:write': 'Add and change activities',
    },
    client: {
      url: 'https://www.strava.com/settings/api',
      steps: [
        'Create your app. Authorization Callback Domain: the host of {redirect}, without http and port.',
        'Copy the client ID and the client secret.',
      ],
    },
    redirect: 'port',
    know: [
      'The callback domain is a host alone; 127.0.0.1 and localhost are always taken.',
      'On its page a person can untick scopes: look at what was granted.',
      'It says which scopes were granted in the address that the browser comes back with, not with the token.',
    ],
    sources: ['https://developers.strava.com/docs/authentication/'],
  },
  fitbit: {
    title: 'Fitbit',
    apis: ['api.fitbit.com'],
    authorizationUrl: 'https://www.fitbit.com/oauth2/authorize',
    tokenUrl: 'https://api.fitbit.com/oauth2/token',
    revocationUrl: 'https://api.fitbit.com/oauth2/revoke',
    send: 'basic',
    secret: 'maybe',
    pkce: true,
    renews: 'Renewed by itself, with another renewal token each time; a token lasts eight hours.',
    scopes: {
      activity: 'See steps and exercise',
      heartrate: 'See your heart rate',
      sleep: 'See your sleep',
      weight: 'See your weight',
      nutrition: 'See what you eat and drink',
      profile: 'See your profile',
      settings: 'See your devices and alarms',
    },
    client: {
      url: 'https://dev.fitbit.com/apps/new',
      steps: [
        'OAuth 2.0 application type: Personal, for all details of your own data.',
        'Redirect URL: {redirect}',
        'Copy the client ID and the client secret.',
      ],
    },
    redirect: 'exact',
    know: ['Google is moving this API to its own (Google Health): look at dev.fitbit.com before you begin.'],
    sources: [
      'https://dev.fitbit.com/build/reference/web-api/authorization/',
      'https://dev.fitbit.com/build/reference/web-api/developer-guide/authorization/',
    ],
  },
  withings: {
    title: 'Withings',
    apis: ['wbsapi.withings.net'],
    authorizationUrl: 'https://account.withings.com/oauth2_user/authorize2',
    tokenUrl: 'https://wbsapi.withings.net/v2/oauth2',
    send: 'body',
    secret: 'always',
    pkce: false,
    askForTokens: { action: 'requesttoken' },
    scopeSeparator: ',',
    renews: 'Renewed by itself, with another renewal token each time; a token lasts three hours.',
    scopes: {
      'user.metrics': 'See weight, blood pressure, temperature and heart',
      'user.activity': 'See activity and sleep',
      'user.sleepevents': 'Be told when you go to bed and get up',
    },
    client: {
      url: 'https://developer.withings.com/dashboard/',
      steps: [
        'Create an application: Public API integration.',
        'Callback URL: {redirect}',
        'Copy the client ID and the client secret.',
      ],
    },
    redirect: 'exact',
    know: [
      'Its answers have their token in "body", and errors come with HTTP 200: both are read.',
      'The code of a sign-in is good for thirty seconds alone: by pasting one must be quick.',
      'user.info is for partners with a contract: it is refused to others.',
    ],
    sources: [
      'https://developer.withings.com/developer-guide/v3/integration-guide/public-health-data-api/get-access/oauth-authorization-url/',
      'https://developer.withings.com/developer-guide/data-api/authentication/',
    ],
  },
} as const satisfies Record<string, KnownProvider>;
