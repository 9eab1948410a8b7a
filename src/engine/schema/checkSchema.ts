import { member } from '../json.ts';
import type { JsonObject } from '../types.ts';
import { checkRules } from './celRules.ts';
import { applyDefaults } from './defaulting.ts';
import { checkMetadata, undecodableMetadata } from './objectMeta.ts';
import type { SchemaProblem } from './schemaProblem.ts';
import { checkStructure } from './structural.ts';
import type { KindSchema } from './types.ts';
import { findUnknownFields } from './unknownFields.ts';

/**
 * Everything that the API server's own checks say of an object as a user writes it: unknown fields, metadata,
 * structure, and rules where the structure allows to check them. More is found than the API server tells at once,
 * because it stops at the first stage that fails. The paths are those of the given object.
 */
export function checkSchema(object: JsonObject, table: KindSchema): SchemaProblem[] {
  return [
    ...findUnknownFields(object, table.schema),
    ...metadataProblems(object, table),
    ...contentProblems(applyDefaults(object, table), table),
  ];
}

/** What is wrong in the metadata; one problem only when it cannot be decoded. */
function metadataProblems(object: JsonObject, table: KindSchema): SchemaProblem[] {
  const metadata = member(object, 'metadata') ?? null;
  const undecodable = undecodableMetadata(metadata);
  return undecodable === undefined ? checkMetadata(metadata, table.namespaced) : [undecodable];
}

/** Problems of structure, and of rules when no problem of structure keeps the API server from checking them. */
function contentProblems(object: JsonObject, { schema }: KindSchema): SchemaProblem[] {
  const structural = checkStructure(object, schema);
  if (structural.some(blocksRules)) return structural;
  return [...structural, ...checkRules(object, schema)];
}

/**
 * What the API server answers a creation with when it is decoded: problems of metadata and structure, and of rules
 * when neither keeps it from checking them.
 */
export function creationProblems(object: JsonObject, table: KindSchema): SchemaProblem[] {
  const metadata = metadataProblems(object, table);
  if (!metadata.some(blocksRules)) return [...metadata, ...contentProblems(object, table)];
  return [...metadata, ...checkStructure(object, table.schema)];
}

/** Whether the API server checks no rules because of this problem (`hasBlockingErr`). */
export function blocksRules({ reason }: SchemaProblem): boolean {
  return reason !== 'FieldValueInvalid' && reason !== 'FieldValueForbidden';
}
