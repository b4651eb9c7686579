/** Descriptions of APIs that are no OpenAPI: what each is called, and how its owner comes to something that is read here. */
import { isRecord } from '../../contract/is-record.ts';

export type OtherKind = {
  /** "a Postman collection (v2.1)", as what it is. */
  name: string;
  /** What to do next, a sentence. */
  next: string;
};

type Fields = Record<string, unknown>;

const curl = 'or paste one of its calls as a curl line';
const graphql =
  'GraphQL has one address for everything. Paste one query as a curl line (POST with {"query": …}), or connect the MCP server that the service has.';

/** Each with what shows it, of a document that was read as JSON or YAML. */
const kinds: readonly { is: (document: Fields) => string | undefined; next: string }[] = [
  {
    is: ({ info, item, collection }) =>
      postmanName(info, item) ??
      (isRecord(collection) ? postmanName(collection.info, collection.item) : undefined),
    next: 'Give the OpenAPI document that the API\'s maker has, or paste its calls as curl lines, several at once (in Postman, "Code" beside a request, "cURL"). The library @scalar/postman-to-openapi converts it; give the address with --base-url then.',
  },
  {
    is: ({ requests, order, folders, id }) =>
      Array.isArray(requests) && (Array.isArray(order) || Array.isArray(folders)) && id !== undefined
        ? 'a Postman collection (v1)'
        : undefined,
    next: `Import it into Postman and export it as v2.1, or give the OpenAPI document that the API's maker has, ${curl}.`,
  },
  {
    is: ({ _type: type, __export_format: format, type: kind }) =>
      type === 'export' && format !== undefined
        ? `an Insomnia export (version ${String(format).slice(0, 5)})`
        : /^collection\.insomnia\.rest|^spec\.insomnia\.rest/.test(String(kind))
          ? 'an Insomnia export (version 5)'
          : undefined,
    next: `Export the design document as OpenAPI where there is one in Insomnia ("Design"), ${curl}: in Insomnia, "Copy as cURL" at a request.`,
  },
  {
    is: ({ log }) =>
      isRecord(log) && Array.isArray(log.entries)
        ? 'a recording of a browser (HAR), which holds its cookies and keys'
        : undefined,
    next: 'Copy the one request that you mean as curl (in the browser\'s network panel, "Copy as cURL") and paste that.',
  },
  {
    is: ({ asyncapi }) =>
      asyncapi === undefined ? undefined : `an AsyncAPI document (${version(asyncapi)})`,
    next: `It tells of messages over a broker or a socket, which no connection sends. Give the OpenAPI document of the same service, if it has one, ${curl}.`,
  },
  {
    is: ({ openrpc }) => (openrpc === undefined ? undefined : `an OpenRPC document (${version(openrpc)})`),
    next: 'It tells of JSON-RPC, where every call goes to one address. Paste one of its calls as a curl line, or connect the MCP server that the service has.',
  },
  {
    is: ({ kind, discoveryVersion, rootUrl }) =>
      /^discovery#/.test(String(kind)) || (discoveryVersion !== undefined && rootUrl !== undefined)
        ? 'a Google Discovery document'
        : undefined,
    next: 'Convert it: npx api-spec-converter --from=google --to=openapi_3 FILE > openapi.json',
  },
  {
    is: ({ swaggerVersion }) =>
      swaggerVersion === undefined
        ? undefined
        : `a Swagger document of version ${version(swaggerVersion)}, from before 2.0`,
    next: 'Convert it: npx api-spec-converter --from=swagger_1 --to=openapi_3 FILE > openapi.json',
  },
  {
    is: (document) => {
      const data = isRecord(document.data) ? document.data : document;
      return isRecord(data.__schema) ? "a GraphQL schema (an introspection's answer)" : undefined;
    },
    next: graphql,
  },
  {
    is: ({ arazzo }) => (arazzo === undefined ? undefined : `an Arazzo document (${version(arazzo)})`),
    next: 'It tells in which order calls are made. Give the OpenAPI documents that it names in "sourceDescriptions".',
  },
  {
    is: ({ overlay, actions }) =>
      overlay !== undefined && Array.isArray(actions)
        ? `an OpenAPI Overlay (${version(overlay)})`
        : undefined,
    next: 'It changes an OpenAPI document. Give that document, with the overlay applied.',
  },
  {
    is: ({ smithy }) => (smithy === undefined ? undefined : `a Smithy model (${version(smithy)})`),
    next: 'Convert it with Smithy: its build plugin "openapi" writes one.',
  },
];

const version = (value: unknown): string => String(value).slice(0, 12);

function postmanName(info: unknown, item: unknown): string | undefined {
  if (!isRecord(info) || !Array.isArray(item)) return undefined;
  const known = /getpostman\.com\/.*\/v(\d+\.\d+)|postman\.com/.exec(String(info.schema));
  if (known === null && info._postman_id === undefined) return undefined;
  return `a Postman collection (v${known?.[1] ?? '2'})`;
}

/** @returns undefined for what is OpenAPI, or nothing that is known */
export function otherKind(document: unknown): OtherKind | undefined {
  if (!isRecord(document) || document.openapi !== undefined || document.swagger !== undefined)
    return undefined;
  for (const { is, next } of kinds) {
    const name = is(document);
    if (name !== undefined) return { name, next };
  }
  return undefined;
}

/** The same, of a text that is neither JSON nor YAML of anything: by how it begins. */
export function otherText(text: string): OtherKind | undefined {
  const start = text
    .slice(0, 20_000)
    .replace(/^\uFEFF/, '')
    .trimStart();
  const raml = /^#%RAML\s+([\d.]+)/.exec(start)?.[1];
  if (raml !== undefined)
    return {
      name: `a RAML document (${raml})`,
      next:
        raml === '0.8'
          ? 'Convert it: npx api-spec-converter --from=raml --to=openapi_3 FILE > openapi.json'
          : `Have it exported as OAS 3, as Anypoint's API Designer does, ${curl}.`,
    };
  if (/^<[?!\w]/.test(start)) return ofMarkup(start);
  if (/^FORMAT:\s*1A\b/i.test(start) || /^\+ Response \d{3}/m.test(start))
    return {
      name: 'an API Blueprint',
      next: 'Convert it: npx apib2swagger --open-api-3 -i FILE -o openapi.json',
    };
  if (
    /^(?:"""[\s\S]*?"""\s*|#[^\n]*\n\s*)*(?:extend\s+)?(?:schema|type|input|interface|enum|scalar|union|directive)\b[^:{\n]*[@{=\n]/.test(
      start,
    ) &&
    /\{[\s\S]*:\s*\[?\w+[!\]]*|^scalar\s/m.test(start)
  )
    return { name: 'a GraphQL schema', next: graphql };
  if (/^(?:\/\/[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*syntax\s*=\s*["']proto[23]["']/.test(start))
    return {
      name: 'a Protocol Buffers file (gRPC)',
      next: `gRPC is not spoken here. Where the service has HTTP beside it, the plugin protoc-gen-openapi writes its document; ${curl}.`,
    };
  return undefined;
}

function ofMarkup(start: string): OtherKind | undefined {
  if (/<(?:\w+:)?definitions\b[^>]*wsdl/i.test(start) || /<(?:\w+:)?description\b[^>]*ns\/wsdl/i.test(start))
    return {
      name: 'a WSDL document (SOAP)',
      next: 'SOAP is not spoken by itself: paste one of its calls as a curl line (POST with the envelope as its body), or give the OpenAPI document of the same service, if it has one.',
    };
  if (/<(?:\w+:)?application\b[^>]*wadl/i.test(start))
    return {
      name: 'a WADL document',
      next: 'Convert it: npx api-spec-converter --from=wadl --to=openapi_3 FILE > openapi.json',
    };
  if (/<(?:edmx:)?Edmx\b/i.test(start))
    return { name: "OData's metadata (EDMX)", next: 'Convert it: npx -p odata-openapi odata-openapi3 FILE' };
  if (/^<!doctype html|<html\b/i.test(start))
    return {
      name: 'a web page',
      next: 'It is the page that shows the API to people. Give the address of the document itself: in Swagger UI it stands beneath the title, and mostly ends in openapi.json, swagger.json or api-docs.',
    };
  return {
    name: 'XML',
    next: 'Give an OpenAPI document as JSON or YAML, or paste one of its calls as a curl line.',
  };
}
