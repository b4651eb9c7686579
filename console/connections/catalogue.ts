/** Connections that many people want, each as what one would paste. Nothing of them is installed or started before it is approved. */

export type CatalogueEntry = {
  name: string;
  /** What Alfred can do with it. */
  what: string;
  text: string;
  /** What the owner puts in its place. */
  change?: string;
};

const asJson = (name: string, server: object): string =>
  JSON.stringify({ mcpServers: { [name]: server } }, null, 2);

export const catalogue: { title: string; entries: CatalogueEntry[] }[] = [
  {
    title: 'Without an account',
    entries: [
      {
        name: 'Files',
        what: 'Read and write the documents of one folder',
        text: 'npx -y @modelcontextprotocol/server-filesystem /home/me/Documents',
        change: '/home/me/Documents is to be your own folder.',
      },
      {
        name: 'Memory',
        what: 'Keep facts, and find them again',
        text: asJson('facts', {
          command: 'npx',
          args: ['-y', '@modelcontextprotocol/server-memory'],
          env: { MEMORY_FILE_PATH: '/home/me/alfred-memory.jsonl' },
        }),
        change: '/home/me/alfred-memory.jsonl is to be a file of yours.',
      },
      {
        name: 'Database',
        what: 'Ask a SQLite database, and write to it',
        text: 'npx -y @bytebase/dbhub --transport stdio --dsn sqlite:///home/me/shop.db',
        change: '/home/me/shop.db is to be your own database, or a copy.',
      },
      {
        name: 'Git',
        what: 'Look into the history of a repository',
        text: asJson('git', {
          command: 'npx',
          args: ['-y', '@cyanheads/git-mcp-server'],
          env: { GIT_BASE_DIR: '/home/me/project', MCP_TRANSPORT_TYPE: 'stdio' },
        }),
        change: '/home/me/project is to be your own repository.',
      },
      {
        name: 'Web pages',
        what: 'Fetch a page and read it as text',
        text: 'uvx mcp-server-fetch',
      },
      {
        name: 'Browser',
        what: 'Open pages, click and fill in, in a real browser',
        text: 'npx -y @playwright/mcp --headless --isolated',
      },
      {
        name: 'Clock',
        what: 'Know the time anywhere, and convert it',
        text: 'uvx mcp-server-time',
      },
      {
        name: 'An HTTP API',
        what: 'Whatever has an OpenAPI document',
        text: 'https://petstore3.swagger.io/api/v3/openapi.json',
        change: 'This one is an example: paste the address of the document.',
      },
    ],
  },
  {
    title: 'With a key of yours',
    entries: [
      {
        name: 'GitHub',
        what: 'Issues, pull requests and code',
        text: asJson('github', {
          type: 'http',
          url: 'https://api.githubcopilot.com/mcp/',
          headers: { Authorization: 'Bearer <your-token>' },
        }),
        change: '<your-token> is to be a personal access token of GitHub.',
      },
      {
        name: 'Brave Search',
        what: 'Search the web',
        text: asJson('search', {
          command: 'npx',
          args: ['-y', '@brave/brave-search-mcp-server'],
          env: { BRAVE_API_KEY: '<your-key>' },
        }),
        change: '<your-key> is to be a key of the Brave Search API.',
      },
      {
        name: 'Any MCP server',
        what: 'At an address, with a token',
        text: asJson('mine', {
          type: 'http',
          url: 'https://mail.example.com/mcp',
          headers: { Authorization: 'Bearer <your-token>' },
        }),
        change: 'The address and <your-token> are to be yours.',
      },
    ],
  },
];
