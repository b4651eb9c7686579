/** An API as tools: what a person and the model see of each operation, and how a call of it becomes a request. */
import type { Tool } from '../../contract/connections.ts';

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie';

/** OpenAPI 3.1 "Style Values". `json`: the value is sent as JSON text (a parameter with `content`). */
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'json';

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
  style: ParameterStyle;
  explode: boolean;
  contentType: string | undefined;
  isFile: boolean;
};

export type BodyPlan = {
  property: string;
  required: boolean;
  contentType: string;
  kind: 'json' | 'form' | 'multipart' | 'text' | 'binary';
  fields: Record<string, FieldPlan>;
};

export type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'PUT' | 'DELETE' | 'POST' | 'PATCH';

export type Operation = {
  tool: Tool;
  method: Method;
  /** Absolute, without a trailing slash; the path is put behind it. */
  baseUrl: string;
  /** As in the document, with `{name}` where a path parameter goes. */
  path: string;
  parameters: ParameterPlan[];
  body: BodyPlan | undefined;
  accept: string;
};

export type Api = {
  title: string;
  version: string;
  /** Where requests go: one origin for the whole connection. */
  baseUrl: string;
  operations: Operation[];
  /** Operations that could not be made tools, and why. */
  skipped: { operation: string; reason: string }[];
  /** What a validator says of the document; it is used all the same. */
  problems: string[];
  /** How the document says that one signs in, for whoever sets the connection up. */
  securitySchemes: { name: string; type: string; detail: string }[];
};
