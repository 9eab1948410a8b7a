import { isObject } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { Row } from '../rows.ts';
import { createShape, type Shape } from './shape.ts';
import type { Interner } from './interner.ts';

/** An object on its way to a row: its own members, and what every row has. */
export interface Reading {
  readonly object: JsonObject;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
  readonly status: JsonObject;
  readonly shape: Shape;
  readonly common: Omit<Row, 'problem'>;
}

/** Starts to read an object of the API. An error, as a sentence, for what has no name and so can be no row. */
export function startReading(
  value: unknown,
  interner: Interner,
): { readonly value: Reading } | { readonly error: string } {
  if (!isObject(value)) return { error: 'The server sent something that is no object.' };
  const shape = createShape(interner);
  const metadata = shape.object(value, 'metadata', '');
  const name = shape.text(metadata, 'name', 'metadata');
  const namespace = shape.text(metadata, 'namespace', 'metadata');
  if (name === '') return { error: `The server sent ${kindOf(value)} without a name.` };
  const reading: Reading = {
    object: value,
    metadata,
    spec: shape.object(value, 'spec', ''),
    status: shape.object(value, 'status', ''),
    shape,
    common: {
      key: rowKey(namespace, name),
      namespace,
      name,
      uid: shape.text(metadata, 'uid', 'metadata'),
      resourceVersion: shape.text(metadata, 'resourceVersion', 'metadata'),
      createdAt: shape.text(metadata, 'creationTimestamp', 'metadata'),
      deletedAt: shape.text(metadata, 'deletionTimestamp', 'metadata'),
    },
  };
  return { value: reading };
}

/** The problem of a row as a member to spread: rows without one do not have the key. */
export function problemOf({ shape }: Reading): { readonly problem?: string } {
  return shape.problem === undefined ? {} : { problem: shape.problem };
}

/** `NAMESPACE/NAME`, or `NAME` for cluster-scoped objects. */
export function rowKey(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

function kindOf(object: JsonObject): string {
  const kind: JsonValue | undefined = object['kind'];
  return typeof kind === 'string' && kind !== '' ? `a ${kind}` : 'an object';
}
