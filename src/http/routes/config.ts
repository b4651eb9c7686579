import { z } from 'zod';
import { deleteConfig } from '../../config/delete-config.ts';
import { listConfig } from '../../config/list-config.ts';
import { putConfig } from '../../config/put-config.ts';
import { configEntrySchema, configKeySchema, isSecretKey, putConfigSchema } from '../../contract/config.ts';
import type { App } from '../app.ts';
import type { ServerDeps } from '../deps.ts';

const tags = ['config'];
const params = z.object({ key: configKeySchema });
