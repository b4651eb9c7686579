#!/usr/bin/env bash
# @prisma/client 7.10.0: a client of 60 models that has been asked nothing but one question takes more memory than one of 120 models.
# It keeps for each model which words of the schema its queries may hold, as an object whose few keys are the numbers of words:
# below about a thousand, V8 makes an array up to the highest of them, nearly all holes. Above, it makes a table of the keys. So
# what is middling in size takes most: 14 MB for a table of 0.1 MB.
. "$(dirname "$0")/lib.sh"
install prisma@7.10.0 @prisma/client@7.10.0 @prisma/adapter-pg@7.10.0 pg@8.23.1
cat > prisma.config.ts <<'CONFIG'
import { defineConfig } from 'prisma/config';
export default defineConfig({ schema: process.env.SCHEMA });
CONFIG
export CHECKPOINT_DISABLE=1 PRISMA_HIDE_UPDATE_MESSAGE=1 PRISMA_SCHEMA_ENGINE_BINARY=/bin/true
for models in 60 120; do
  {
    printf 'generator client {\n provider = "prisma-client"\n output = "./made-%s"\n}\n' "$models"
    printf 'datasource db {\n provider = "postgresql"\n}\n'
    for ((model = 1; model <= models; model++)); do
      printf 'model Model%s {\n id Int @id\n' "$model"
      for ((field = 1; field <= 10; field++)); do printf ' field%s_%s String\n' "$model" "$field"; done
      printf '}\n'
    done
  } > "schema-$models.prisma"
  SCHEMA="./schema-$models.prisma" prisma generate > generate.txt 2>&1 || { cat generate.txt; exit 1; }
done
cat > client.mjs <<'JS'
import { PrismaPg } from '@prisma/adapter-pg';
const [models] = process.argv.slice(2);
const { PrismaClient } = await import(`./made-${models}/client.ts`);
const used = () => (gc(), gc(), process.memoryUsage().heapUsed / 1e6);
const before = used();
const client = new PrismaClient({ adapter: new PrismaPg('postgresql://nobody@127.0.0.1:1/none') });
await client.model1.findMany().catch(() => {});
console.log(used() - before);
JS
small=$(node --expose-gc client.mjs 60)
large=$(node --expose-gc client.mjs 120)
echo "MB of heap: 60 models $small, 120 models $large" >&2
run ratio.mjs <<JS
const [small, large] = [$small, $large];
console.log(\`60 models: \${small > 10 ? 'more' : 'less'} than 10 MB\`);
console.log(\`120 models: \${large < small * 0.8 ? 'less' : 'not less'}\`);
JS
sees <<'SEEN'
60 models: more than 10 MB
120 models: less
SEEN
