/** OpenAPI documents of things that people run themselves, and of services that many use, each at one commit. */
import type { Source } from '../checkout.ts';

export type ApiDocument = Source & {
  title: string;
  /** The document in the repository. */
  file: string;
  /** Folders of files that it refers to. */
  beside?: readonly string[];
  /** What an owner should know of it. */
  know?: string;
};

const at = (
  title: string,
  repository: string,
  commit: string,
  file: string,
  more: Partial<ApiDocument> = {},
): ApiDocument => ({
  title,
  repository,
  commit,
  file,
  ...more,
});

const xero = (title: string, file: string) =>
  at(title, 'XeroAPI/Xero-OpenAPI', 'e952d0bda3628facbf7afc5990ad6a0e7e77bd1e', file);
const twilio = (title: string, file: string) =>
  at(title, 'twilio/twilio-oai', 'd50069b44ea8cd23141385bdb6db48f16ff75bb5', `spec/json/${file}`);
const meteo = (title: string, file: string) =>
  at(title, 'open-meteo/open-meteo', 'ba13de1c0556938e317b7adc240d527f10ba4c94', `openapi/${file}`);

export const documents: Readonly<Record<string, ApiDocument>> = {
  adguard: at(
    'AdGuard Home',
    'AdguardTeam/AdGuardHome',
    '75e43ab5b251aa5038ebc857595855c5b168b93d',
    'openapi/openapi.yaml',
  ),
  'adguard-next': at(
    'AdGuard Home, the next API',
    'AdguardTeam/AdGuardHome',
    '75e43ab5b251aa5038ebc857595855c5b168b93d',
    'openapi/next.yaml',
  ),
  asana: at('Asana', 'Asana/openapi', 'fc9f8dcf224efa8e06bfc955d91dd95aac7a398d', 'defs/asana_oas.yaml'),
  audiobookshelf: at(
    'Audiobookshelf',
    'advplyr/audiobookshelf',
    '1b46d68027f3dcd88a4ef596fe6d005541fea3c6',
    'docs/openapi.json',
  ),
  box: at('Box', 'box/box-openapi', 'c9a878a9824344129881392e2b08f7117201e82e', 'openapi.json'),
  digitalocean: at(
    'DigitalOcean',
    'digitalocean/openapi',
    '7c1300c479fed9c353cda9fc21cd968619552304',
    'specification/DigitalOcean-public.v2.yaml',
    { beside: ['specification'] },
  ),
  discord: at(
    'Discord',
    'discord/discord-api-spec',
    '74fda0fad044407ea280043a03ffc9bc64c4e49e',
    'specs/openapi.json',
  ),
  evcc: at('evcc', 'evcc-io/evcc', 'b29b49e3056ead3c99ff1f4711b2bb17083114b0', 'server/openapi.yaml', {
    beside: ['server/openapi.state.yaml'],
  }),
  firefly: at(
    'Firefly III',
    'firefly-iii/api-docs',
    '8356c933413e98cb40f3b4549a5260d4efb636bd',
    'dist/firefly-iii-6.4.8-v1.yaml',
  ),
  frigate: at(
    'Frigate',
    'blakeblackshear/frigate',
    'e3fa70189324e5eb3b1dba756c153f6696f457de',
    'docs/static/frigate-api.yaml',
  ),
  gotify: at('Gotify', 'gotify/server', 'd543a8aad22fcbebf25e76d201b4317882b5e148', 'docs/spec.json'),
  grocy: at('Grocy', 'grocy/grocy', 'acd061e2cde09fc5bc4e34673021039b25ab7067', 'grocy.openapi.json'),
  homebox: at(
    'Homebox',
    'sysadminsmedia/homebox',
    '8222a88de7b44d8ad9ab286b4c674d66e3be7bed',
    'docs/public/api/openapi-3.0.json',
  ),
  'homebox-2': at(
    'Homebox, as Swagger',
    'sysadminsmedia/homebox',
    '8222a88de7b44d8ad9ab286b4c674d66e3be7bed',
    'docs/public/api/swagger-2.0.json',
  ),
  intercom: at(
    'Intercom',
    'intercom/Intercom-OpenAPI',
    '8889625a7b931d8649e18726e7f872ff073520fc',
    'descriptions/2.16/api.intercom.io.yaml',
  ),
  inventree: at(
    'InvenTree',
    'inventree/schema',
    '61ba7ef157c5669b68ca63abf08272074e96a336',
    'export/534/api.yaml',
  ),
  jellyseerr: at(
    'Jellyseerr',
    'Fallenbagel/jellyseerr',
    '3b4d6bf5b8f3df295a4f204c56126aadd278e22f',
    'jellyseerr-api.yml',
  ),
  karakeep: at(
    'Karakeep',
    'karakeep-app/karakeep',
    '7ca5ee236b96cd659096b1530c5be3fdcd8e4470',
    'packages/open-api/karakeep-openapi-spec.json',
  ),
  kavita: at('Kavita', 'Kareadita/Kavita', 'ed7e9d4a6e85c2ec04803ca86fb3d2b5ca15581a', 'openapi.json'),
  komga: at('Komga', 'gotson/komga', 'cba53ed3750fcc7b333293e093a6bfaa6afa3a26', 'komga/docs/openapi.json'),
  kubernetes: at(
    'Kubernetes',
    'kubernetes-client/c',
    'edf13194dbd50792b8ac8132d1ed7c191cecabd0',
    'kubernetes/swagger.json.unprocessed',
    { know: 'The largest here: include what a skill needs of it.' },
  ),
  listmonk: at(
    'listmonk',
    'knadh/listmonk',
    '911e0b774abad4fbf7b534be43a34a80fb6ace5b',
    'docs/swagger/collections.yaml',
  ),
  memos: at('Memos', 'usememos/memos', '76a762924306e782871204f131f4033be5e8e41a', 'proto/gen/openapi.yaml'),
  notion: at(
    'Notion, of its MCP server',
    'makenotion/notion-mcp-server',
    '1d38420769c8a1fe2d583ff1e7d2d108d4eb0b30',
    'scripts/notion-openapi.json',
  ),
  ollama: at('Ollama', 'ollama/ollama', 'fb30760996871fa9460115c753afd2c60d4ab0f7', 'docs/openapi.yaml'),
  'open-meteo': meteo('Open-Meteo, forecasts', 'forecast.yml'),
  'open-meteo-air': meteo('Open-Meteo, air quality', 'air-quality.yml'),
  'open-meteo-past': meteo('Open-Meteo, the past', 'historical-weather.yml'),
  openai: at('OpenAI', 'openai/openai-openapi', 'f85dbe223d40e1a31cba812ab2d755c7e98a92a3', 'openapi.yaml'),
  outline: at('Outline', 'outline/openapi', '4e050c29cb344dc0ae0a1971686e246211eb5a6c', 'spec3.yml'),
  pagerduty: at(
    'PagerDuty',
    'PagerDuty/api-schema',
    '91a06fb3c64b0ab2b2bd6c485d12b327dfb55c18',
    'reference/REST/openapiv3.json',
  ),
  photoprism: at(
    'PhotoPrism',
    'photoprism/photoprism',
    '382ffa89927f9fa2aca6ab83481177e0d81dd405',
    'internal/api/swagger.json',
  ),
  plaid: at('Plaid', 'plaid/plaid-openapi', '26f1a0588c12e765e99c815300d94eae0a3c7dc1', '2020-09-14.yml'),
  prowlarr: at(
    'Prowlarr',
    'Prowlarr/Prowlarr',
    '0ffcfccf1df38e775e25431716387f6eae180231',
    'src/Prowlarr.Api.V1/openapi.json',
  ),
  qdrant: at(
    'Qdrant',
    'qdrant/qdrant',
    '74f3e85b9473c62560006c043e13737ce6b48412',
    'docs/redoc/master/openapi.json',
  ),
  radarr: at(
    'Radarr',
    'Radarr/Radarr',
    '1b9662d58823ff02b7162282e84e4aed95db0126',
    'src/Radarr.Api.V3/openapi.json',
  ),
  slack: at(
    'Slack',
    'slackapi/slack-api-specs',
    'bc08db49625630e3585bf2f1322128ea04f2a7f3',
    'web-api/slack_web_openapi_v2.json',
  ),
  sonarr: at(
    'Sonarr',
    'Sonarr/Sonarr',
    '49df353fa14c453929b79f32144b2c8c86d94b09',
    'src/Sonarr.Api.V3/openapi.json',
  ),
  'sonarr-5': at(
    'Sonarr, version 5',
    'Sonarr/Sonarr',
    '49df353fa14c453929b79f32144b2c8c86d94b09',
    'src/Sonarr.Api.V5/openapi.json',
  ),
  spotify: at(
    'Spotify',
    'sonallux/spotify-web-api',
    'a3369587d22fb1b3fe4aeb4022d67469365695b8',
    'fixed-spotify-open-api.yml',
  ),
  traccar: at('Traccar', 'traccar/traccar', '9e5c458ad0bf44ceaddf72534bf6874787f41b6c', 'openapi.yaml'),
  'twilio-api': twilio('Twilio', 'twilio_api_v2010.json'),
  'twilio-conversations': twilio('Twilio Conversations', 'twilio_conversations_v1.json'),
  'twilio-taskrouter': twilio('Twilio TaskRouter', 'twilio_taskrouter_v1.json'),
  vikunja: at(
    'Vikunja',
    'go-vikunja/vikunja',
    '762dc4ebe6f3fbff15d90a0a119f0c6a4720e033',
    'pkg/swagger/swagger.json',
  ),
  'xero-accounting': xero('Xero Accounting', 'xero_accounting.yaml'),
  'xero-payroll-uk': xero('Xero Payroll UK', 'xero-payroll-uk.yaml'),
  'xero-projects': xero('Xero Projects', 'xero-projects.yaml'),
};
