#!/usr/bin/env bash
# api-spec-converter 2.12.0: a Google Discovery document becomes one with a contact and a licence that nobody named, the contact at
# "https://undefined"; RAML 1.0, the version of 2016, is refused.
. "$(dirname "$0")/lib.sh"
install api-spec-converter@2.12.0
run convert.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import converter from 'api-spec-converter';
const method = { id: 'shop.orders.list', path: 'v1/orders', httpMethod: 'GET', parameters: {}, response: { $ref: 'Orders' } };
const discovery = {
  kind: 'discovery#restDescription', discoveryVersion: 'v1', id: 'shop:v1', name: 'shop', version: 'v1', title: 'Shop', description: 'A shop', protocol: 'rest',
  rootUrl: 'https://shop.example/', servicePath: '', baseUrl: 'https://shop.example/', parameters: {}, auth: { oauth2: { scopes: {} } },
  schemas: { Orders: { id: 'Orders', type: 'object', properties: {} } }, resources: { orders: { methods: { list: method } } },
};
writeFileSync('discovery.json', JSON.stringify(discovery));
for (const version of ['0.8', '1.0']) writeFileSync(`${version}.raml`, `#%RAML ${version}\ntitle: Shop\nversion: v1\nbaseUri: https://shop.example\n/orders:\n  get:\n    description: All\n`);
const convert = async (from, source) => {
  try {
    const { spec } = await converter.convert({ from, to: 'openapi_3', source });
    return `${Object.keys(spec.paths)} contact ${JSON.stringify(spec.info.contact)}, licence ${JSON.stringify(spec.info.license?.name)}`;
  } catch (error) {
    return `refused: ${String(error.message ?? error).split('\n')[0]}`;
  }
};
for (const [from, source] of [['google', 'discovery.json'], ['raml', '0.8.raml'], ['raml', '1.0.raml']]) console.log(`${source}: ${await convert(from, source)}`);
JS
sees <<'SEEN'
discovery.json: /v1/orders contact {"url":"https://undefined"}, licence "Creative Commons Attribution 3.0"
0.8.raml: /orders contact undefined, licence undefined
1.0.raml: refused: Unsupported RAML version: '#%RAML 1.0'
SEEN
