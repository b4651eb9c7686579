/** A row of the table: what a document says of one operation, arguments, and the request that is right for them. */

export type Version = '2.0' | '3.0.4' | '3.1.1' | '3.2.0';

export type WireCase = {
  it: string;
  version?: Version;
  /** Of the operation, behind a place of its own. */
  path?: string;
  /** The key in the path item. */
  method?: string;
  operation?: Record<string, unknown>;
  pathItem?: Record<string, unknown>;
  args?: Record<string, unknown>;
} & (
  | {
      /** `METHOD path?query`, as it is on the wire. */
      sent: string;
      headers?: Record<string, string>;
      /** As text, a boundary as `B`; `hex:` for bytes. */
      body?: string;
    }
  /** Why it is no tool, or why the call is refused: a part of the sentence. */
  | { unusable: string }
  | { refused: string }
);

type Parameter = Record<string, unknown>;

/** An operation with one parameter, which is called `x`. */
export const param = (parameter: Parameter): Pick<WireCase, 'operation'> => ({
  operation: { parameters: [{ name: 'x', in: 'query', schema: {}, ...parameter }] },
});

/** A POST with a body of one content type. */
export const body = (
  contentType: string,
  schema: unknown,
  rest: Record<string, unknown> = {},
): Pick<WireCase, 'method' | 'operation'> => ({
  method: 'post',
  operation: {
    requestBody: { content: { [contentType]: { ...(schema === undefined ? {} : { schema }), ...rest } } },
  },
});

/** Parameters of Swagger 2.0. */
export const old = (
  parameters: Parameter[],
  rest: Record<string, unknown> = {},
): Pick<WireCase, 'version' | 'method' | 'operation'> => ({
  version: '2.0',
  method: 'post',
  operation: { parameters, ...rest },
});

/** What documents of the table share. */
export const components = {
  schemas: {
    Form: { type: 'object', properties: { title: { type: 'string' } } },
    Blob: { type: 'string', format: 'binary' },
    Id: { type: 'string', readOnly: true },
  },
  parameters: { Limit: { name: 'limit', in: 'query', schema: { type: 'integer' } } },
  requestBodies: { Note: { content: { 'text/plain': { schema: { type: 'string' } } } } },
  mediaTypes: { Note: { schema: { type: 'object' } } },
};

export const oldParameters = {
  Thing: { name: 'thing', in: 'body', required: true, schema: { type: 'object' } },
  Title: { name: 'title', in: 'formData', type: 'string', required: true },
  Limit: { name: 'limit', in: 'query', type: 'integer' },
};
