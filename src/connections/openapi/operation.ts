/** An API as tools: what a person and the model see of each operation, and how a call of it becomes a request. */
import type { Tool } from '../../contract/connections.ts';
import type { FoundTool } from '../tools/found-tool.ts';

/** `querystring` (OpenAPI 3.2): the value is the whole query. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'querystring';

/**
 * OpenAPI 3.2 "Style Values". `json` and `text`: the value is sent as JSON text, or as it is (a parameter with `content`);
 * `tabDelimited`: Swagger 2.0's `tsv`.
 */
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject'
  | 'cookie'
  | 'json'
  | 'text';

export type ParameterPlan = {
  /** Its name among the tool's arguments: unlike its own it has no characters that the Messages API refuses. */
  property: string;
  name: string;
  in: ParameterPlace;
  style: ParameterStyle;
  explode: boolean;
  allowReserved: boolean;
  required: boolean;
};

/** How one field of a form is written. */
export type FieldPlan = {
  /** Undefined where the document names none: objects are JSON then. */
  style: ParameterStyle | undefined;
  explode: boolean;
  /** As the document names it. */
  contentType: string | undefined;
  isFile: boolean;
  /** A text by its schema, which JSON would quote. */
  isText: boolean;
};

export type BodyPlan = {
  property: string;
  required: boolean;
  contentType: string;
  kind: 'json' | 'form' | 'multipart' | 'text' | 'binary';
  /** Those of a form, in the order in which they are sent. */
  fields: Record<string, FieldPlan>;
  /** Of a JSON body: whether `null` is a value of it, and whether a text is. */
  takes: { null: boolean; text: boolean };
};

/** As it is sent: RFC 9110's, RFC 10008's QUERY, or another token that a document names. */
export type Method = string;

/** @typeParam Definition its tool: as it was compiled, or as it was found, which a connection keeps (found-tool.ts) */
export type Operation<Definition = Tool> = {
  tool: Definition;
  method: Method;
  /** Absolute, without a trailing slash; the path is put behind it. */
  baseUrl: string;
  /** As in the document, with `{name}` where a path parameter goes. */
  path: string;
  /** The same, of a query that stands in the document's own path. */
  query: string;
  parameters: ParameterPlan[];
  body: BodyPlan | undefined;
  accept: string;
};

/** A reference that leads out of a document, and why it was not followed. */
export type Unread = { reference: string; why: string };

/** A way for a person to sign in, as a document names it; every address absolute. */
export type ApiSignIn = {
  /** Its name in the document. */
  scheme: string;
  authorizationUrl: string | undefined;
  tokenUrl: string | undefined;
  refreshUrl: string | undefined;
  deviceUrl: string | undefined;
  /** Where the server says all that itself. */
  metadataUrl: string | undefined;
  /** Of a flow that is no more: it says only with whom one signs in. */
  implicitUrl: string | undefined;
  /** In the document's words. */
  scopes: Record<string, string>;
};

export type Api<Definition = Tool> = {
  title: string;
  version: string;
  /** Where requests go: one origin for the whole connection. */
  baseUrl: string;
  operations: Operation<Definition>[];
  /** Operations that could not be made tools, each as a tool that says why in `unusable`. */
  unusable: Definition[];
  /** What lies outside the document and could not be read: what is said of it there is left open. */
  unread: Unread[];
  /** Other files that were read; what such a document says is not known by its own text. */
  partCount: number;
  /** What a validator says of the document; it is used all the same. */
  problems: string[];
  /** How the document says that one signs in, for whoever sets the connection up. */
  securitySchemes: { name: string; type: string; detail: string }[];
  signIns: ApiSignIn[];
};

/** As whoever read its document has it. */
export type FoundApi = Api<FoundTool>;
