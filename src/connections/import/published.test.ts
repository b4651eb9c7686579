/** Files in which makers say how their servers are started: `server.json` of the MCP registry, `manifest.json` of a bundle. */
import { describe, expect, it } from 'vitest';
import { importRequestSchema } from '../../contract/imports.ts';
import { mapLeaves, secretLeaves } from '../config/leaves.ts';
import { configOf, describeCandidate } from './candidate.ts';
import { readImport } from './read-import.ts';

const imported = (document: unknown) =>
  readImport(importRequestSchema.parse({ text: JSON.stringify(document) }));

/** What a person sees of the one that was read. */
const seen = (document: unknown) => {
  const { candidates, refused } = imported(document);
  const [candidate] = candidates;
  if (candidate === undefined || candidates.length > 1) throw new Error(JSON.stringify(refused));
  const { runs, dials, missing, warnings } = describeCandidate(candidate);
  const config = configOf(candidate);
  return {
    name: candidate.importedAs,
    what: runs ?? dials,
    missing: missing.map((field) => field.replace('/config/', '')),
    said: warnings.join('\n'),
    sealed: secretLeaves(config).map(({ path }) => path.join('/')),
    open: JSON.stringify(mapLeaves(config, () => '')),
  };
};
const why = (document: unknown) =>
  imported(document)
    .refused.map(({ reason }) => reason)
    .join('; ');

const $schema = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';
const server = (more: object) => ({
  $schema,
  name: 'io.github.acme/weather-mcp',
  description: 'Weather',
  version: '1.0.0',
  ...more,
});
const ofPackage = (more: object) =>
  server({
    packages: [
      {
        registryType: 'npm',
        identifier: '@acme/weather',
        version: '1.2.3',
        transport: { type: 'stdio' },
        ...more,
      },
    ],
  });

describe('server.json of the MCP registry', () => {
  it.each<[string, object, string]>([
    ['npm', {}, 'npx -y @acme/weather@1.2.3'],
    [
      'npm with -y of its own',
      { runtimeHint: 'npx', runtimeArguments: [{ type: 'positional', value: '-y' }] },
      'npx -y @acme/weather@1.2.3',
    ],
    [
      'npm with another program of the package',
      {
        runtimeArguments: [
          { type: 'named', name: '-p', value: '@acme/all' },
          { type: 'positional', value: 'weather' },
        ],
      },
      'npx -y -p @acme/all weather',
    ],
    [
      'pypi',
      {
        registryType: 'pypi',
        identifier: 'weather',
        packageArguments: [{ type: 'positional', value: 'mcp' }],
      },
      'uvx weather@1.2.3 mcp',
    ],
    [
      'nuget',
      {
        registryType: 'nuget',
        identifier: 'Acme.Weather',
        packageArguments: [{ type: 'positional', value: 'start' }],
      },
      'dnx Acme.Weather@1.2.3 --yes -- start',
    ],
    [
      'oci',
      {
        registryType: 'oci',
        identifier: 'docker.io/acme/weather',
        environmentVariables: [
          { name: 'UNITS', default: 'metric' },
          { name: 'TOKEN', isSecret: true },
        ],
      },
      'docker run -i --rm -e UNITS -e TOKEN docker.io/acme/weather:1.2.3',
    ],
    [
      'oci as GitHub writes it',
      {
        registryType: 'oci',
        identifier: 'ghcr.io/acme/weather:${VERSION}',
        version: undefined,
        runtimeArguments: [
          { type: 'positional', value: 'run' },
          { type: 'named', name: '-i', value: 'true', format: 'boolean' },
          { type: 'named', name: '--rm', value: 'true', format: 'boolean' },
          {
            type: 'named',
            name: '-e',
            value: 'TOKEN={token}',
            variables: { token: { isRequired: true, isSecret: true } },
          },
          { type: 'positional', value: 'ghcr.io/acme/weather' },
        ],
      },
      'docker run -i --rm -e TOKEN ghcr.io/acme/weather',
    ],
    [
      'arguments',
      {
        packageArguments: [
          { type: 'named', name: '--mode', default: 'local', choices: ['local', 'cached'] },
          { type: 'named', name: '--port', format: 'number' },
          { type: 'named', name: '--stdio' },
          { type: 'named', name: '--dir', isRequired: true, format: 'filepath' },
          { type: 'positional', valueHint: 'city_name', isRequired: true },
        ],
      },
      "npx -y @acme/weather@1.2.3 --mode local --stdio --dir '${DIR}' '${CITY_NAME}'",
    ],
  ])('%s', (_what, more, runs) => {
    expect(seen(ofPackage(more))).toMatchObject({ name: 'weather', what: runs });
  });

  it('asks for what is required by its name, seals what is a secret, and says what may be given', () => {
    const { missing, sealed, said, open } = seen(
      ofPackage({
        environmentVariables: [
          { name: 'WEATHER_KEY', isRequired: true, isSecret: true },
          { name: 'UNITS', isRequired: true, choices: ['metric', 'imperial'] },
          { name: 'LICENSE_NAME', isSecret: true, value: 'free-for-all' },
          { name: 'LOG_LEVEL', default: 'info' },
          { name: 'PROXY', description: 'Where it goes through' },
          { name: 'API_TOKEN', value: 'hunter2-Correct.Horse' },
        ],
      }),
    );
    expect(missing).toEqual(['env/WEATHER_KEY', 'env/UNITS']);
    expect(sealed).toEqual(['env/LICENSE_NAME', 'env/API_TOKEN']);
    expect(said).toContain('UNITS is one of metric, imperial');
    expect(said).toContain('not needed, and left out: PROXY (Where it goes through)');
    expect(open).toContain('"LOG_LEVEL":{"plain":"info"}');
    expect(open).not.toMatch(/free-for-all|hunter2/);
  });

  it('takes an address before a package, a package before an address of the older transport, and says the other', () => {
    const packages = [{ registryType: 'pypi', identifier: 'weather', version: '1' }];
    const at = (type: string) =>
      seen(
        server({
          packages,
          remotes: [
            {
              type,
              url: 'https://weather.test/mcp',
              headers: [{ name: 'X-Key', isRequired: true, isSecret: true }],
            },
          ],
        }),
      );
    expect(at('streamable-http')).toMatchObject({
      what: 'https://weather.test/mcp',
      missing: ['headers/X-Key'],
      said: expect.stringContaining('pypi weather'),
    });
    expect(at('sse')).toMatchObject({
      what: 'uvx weather@1',
      said: expect.stringContaining('https://weather.test/mcp (sse)'),
    });
  });

  it('asks for what goes into an address, and refuses what would choose its host', () => {
    const remote = (url: string, variables?: object) =>
      server({ remotes: [{ type: 'streamable-http', url, variables }] });
    expect(seen(remote('https://weather.test/{tenant}/mcp'))).toMatchObject({
      what: 'https://weather.test/${TENANT}/mcp',
      missing: ['secrets/TENANT'],
    });
    expect(seen(remote('https://{region}.weather.test/mcp', { region: { default: 'eu' } })).what).toBe(
      'https://eu.weather.test/mcp',
    );
    expect(why(remote('https://{tenant}.weather.test/mcp'))).toContain('{tenant} where yours goes');
  });

  it('reads the spellings of 2025, and what the registry answers', () => {
    const old = {
      name: 'io.github.acme/weather',
      version_detail: { version: '1.0.2' },
      packages: [
        {
          registry_name: 'npm',
          name: '@acme/weather',
          version: '1.0.2',
          environment_variables: [{ name: 'KEY', is_required: true, is_secret: true }],
        },
      ],
    };
    expect(seen(old)).toMatchObject({ what: 'npx -y @acme/weather@1.0.2', missing: ['env/KEY'] });
    expect(seen({ server: ofPackage({}), _meta: {} }).what).toBe('npx -y @acme/weather@1.2.3');
    expect(
      imported({ servers: [{ server: ofPackage({}) }, { server: ofPackage({ identifier: 'b' }) }] })
        .candidates,
    ).toHaveLength(2);
  });

  it.each<[object, string]>([
    [
      ofPackage({ registryType: 'mcpb', identifier: 'https://x.test/a.mcpb' }),
      'a bundle (https://x.test/a.mcpb): download it, unpack it',
    ],
    [ofPackage({ registryType: 'homebrew' }), 'of Homebrew'],
    [ofPackage({ registryType: 'cargo' }), '"cargo", which is not known here'],
    [
      ofPackage({ transport: { type: 'streamable-http', url: 'http://localhost:8080/mcp' } }),
      'listens at http://localhost:8080/mcp: start it, and paste that address',
    ],
    [ofPackage({ identifier: '<owner>/x' }), '<owner> where a name goes'],
    [server({}), 'it names no package and no address'],
  ])('refuses by name: %j', (document, reason) => {
    expect(why(document)).toContain(reason);
  });
});

const manifest = (config: object, more: object = {}) => ({
  manifest_version: '0.3',
  name: 'weather',
  version: '1.0.0',
  server: { type: 'node', entry_point: 'server/index.js', mcp_config: config },
  ...more,
});

describe('manifest.json of a bundle', () => {
  const user_config = {
    key: { type: 'string', title: 'Key', sensitive: true, required: true },
    folders: { type: 'directory', title: 'Folders', multiple: true, default: ['/srv/a', '/srv/b'] },
    home: { type: 'directory', title: 'Home', default: '${HOME}/Documents' },
    verbose: { type: 'boolean', title: 'Verbose', default: false },
    city: { type: 'string', title: 'City' },
    licence: { type: 'string', title: 'Licence', sensitive: true, default: 'free-for-all' },
  };

  it('is read where it starts a package', () => {
    const config = {
      command: 'npx',
      args: [
        '-y',
        '@acme/weather',
        '${user_config.folders}',
        '--home=${user_config.home}',
        '--verbose=${user_config.verbose}',
        '--city=${user_config.city}',
      ],
      env: { KEY: '${user_config.key}', LICENCE_NAME: '${user_config.licence}' },
    };
    const { missing, sealed, what, said, open } = seen(
      manifest(config, { user_config, compatibility: { platforms: ['darwin'] } }),
    );
    expect(what).toBe("npx -y @acme/weather /srv/a /srv/b '--home=${HOME}' --verbose=false");
    expect(missing).toEqual(['env/KEY', 'secrets/HOME']);
    expect(sealed).toEqual(['env/LICENCE_NAME']);
    expect(said).toMatch(/left out: city[\s\S]*for darwin, not for Linux/);
    expect(open).not.toContain('free-for-all');
  });

  it('is that of Linux', () => {
    const config = {
      command: 'weather.exe',
      args: [],
      env: { A: '1' },
      platform_overrides: { linux: { command: 'uvx', args: ['weather'], env: { B: '2' } } },
    };
    expect(seen(manifest(config))).toMatchObject({
      what: 'uvx weather',
      open: expect.stringMatching(/"A".*"B"/),
    });
  });

  it.each<[object, string]>([
    [
      manifest({ command: 'node', args: ['${__dirname}/server/index.js'] }),
      'unzip weather.mcpb -d /path/to/the/folder), then paste the manifest again with that folder in the place of ${__dirname}, or this command: node /path/to/the/folder/server/index.js',
    ],
    [
      { dxt_version: '0.1', name: 'old', server: { type: 'python', entry_point: 'main.py' } },
      'python3 /path/to/the/folder/main.py',
    ],
    [
      { manifest_version: '0.4', name: 'uv', server: { type: 'uv', entry_point: 'src/s.py' } },
      'uv run --directory /path/to/the/folder src/s.py',
    ],
  ])('says what to do with one that starts its own files: %j', (document, reason) => {
    expect(why(document)).toContain(reason);
  });

  it('is read with its folder put in', () => {
    const text = JSON.stringify(
      manifest({ command: 'node', args: ['${__dirname}/server/index.js'] }),
    ).replaceAll('${__dirname}', '/srv/weather');
    expect(seen(JSON.parse(text)).what).toBe('node /srv/weather/server/index.js');
  });
});
