import { apiGroup, versionOf } from './apiVersion.ts';
import { admit, type PolicyAdmission } from './admission/admit.ts';
import { aggregate, type FieldError } from './admission/fieldError.ts';
import { goDecode } from './admission/goDecode.ts';
import { policyTypes } from './admission/goTypes.ts';
import { validateOverrideSpec } from './admission/overrideRules.ts';
import { validatePropagationSpec } from './admission/propagationRules.ts';
import { isObject, member, stringMember, withMember, withoutMember } from './json.ts';
import { goQuote } from './override/goNumber.ts';
import { blocksRules, creationProblems } from './schema/checkSchema.ts';
import { hasRules } from './schema/celRules.ts';
import { applyDefaults, applyDefaultsAgain } from './schema/defaulting.ts';
import { undecodableMetadata } from './schema/objectMeta.ts';
import { findSchema } from './schema/registry.ts';
import type { SchemaProblem } from './schema/schemaProblem.ts';
import type { FluxMinor, KindSchema } from './schema/types.ts';
import { findUnknownFields } from './schema/unknownFields.ts';
import type { JsonObject, Validation } from './types.ts';

/**
 * What the API server answers when a user creates an object with strict field validation. The stages come in its own
 * order, and the first that fails answers: decoding (400), the mutating webhook (400 when it cannot read the policy),
 * metadata, schema and rules (422), the validating webhook (403). An object of a kind without a table is stored as it
 * is; a namespaced one without a namespace goes to `default`.
 *
 * Follows `k8s.io/apiserver/pkg/endpoints/handlers/create.go` and `k8s.io/apiextensions-apiserver/pkg/registry/customresource`.
 */
export function validate(object: JsonObject, fluxMinor?: FluxMinor): Validation {
  const table = findSchema(
    stringMember(object, 'apiVersion'),
    stringMember(object, 'kind'),
    fluxMinor,
  );
  if (table === undefined) return stored(object);
  const undecodable = decodingError(object, table);
  if (undecodable !== undefined) return undecodable;
  const decoded = withRequestNamespace(applyDefaults(object, table), table);
  const admission = admit(decoded);
  const isMutated = table.kind !== 'ClusterOverridePolicy';
  if (isMutated && admission.type === 'undecodable') return undecodableByWebhook(admission, table);
  const mutated = applyDefaultsAgain(admission.object, table);
  const refused = schemaError(withoutStatus(mutated, table), table);
  if (refused !== undefined) return refused;
  if (admission.type === 'undecodable') return undecodableByWebhook(admission, table);
  const errors = mutated === admission.object ? admission.errors : validatingErrors(mutated, table);
  // Nulls that a webhook has written back are dropped on the way into the store.
  return errors.length === 0 ? stored(applyDefaults(mutated, table)) : denied(errors, table);
}

/** The answer when nothing is wrong; the spec is null when there is none. */
function stored(object: JsonObject): Validation {
  return { status: 201, spec: member(object, 'spec') ?? null };
}

/** The answer to what cannot be decoded: metadata of a wrong type, or unknown fields. */
function decodingError(object: JsonObject, table: KindSchema): Validation | undefined {
  const undecodable = undecodableMetadata(member(object, 'metadata') ?? null);
  if (undecodable !== undefined) return badRequest(undecodable.message, table);
  const unknown = findUnknownFields(object, table.schema);
  if (unknown.length === 0) return undefined;
  const texts = unknown.map(({ message }) => message).join(', ');
  return badRequest(`strict decoding error: ${texts}`, table);
}

function badRequest(reason: string, { apiVersion, kind }: KindSchema): Validation {
  const version = versionOf(apiVersion);
  const message = `${kind} in version "${version}" cannot be handled as a ${kind}: ${reason}`;
  return { status: 400, reason: 'BadRequest', message };
}

/** The namespace of the request: that of the object, or `default`; none for a cluster-scoped kind. */
function withRequestNamespace(object: JsonObject, { namespaced }: KindSchema): JsonObject {
  const metadata = member(object, 'metadata');
  const given = isObject(metadata) ? metadata : {};
  const namespace = stringMember(given, 'namespace');
  if (namespaced === (namespace !== '')) return object;
  const placed = namespaced
    ? withMember(given, 'namespace', 'default')
    : withoutMember(given, 'namespace');
  return withMember(object, 'metadata', placed);
}

/** A status written on creation is thrown away before anything is checked. */
function withoutStatus(object: JsonObject, { schema }: KindSchema): JsonObject {
  const hasStatus = Object.hasOwn(schema.properties ?? {}, 'status');
  return hasStatus && Object.hasOwn(object, 'status') ? withoutMember(object, 'status') : object;
}

function schemaError(object: JsonObject, table: KindSchema): Validation | undefined {
  const problems = creationProblems(object, table);
  if (problems.length === 0) return undefined;
  const texts = problems.map(({ field, message }) => `${field}: ${message}`);
  if (hasRules(table.schema) && problems.some(blocksRules)) {
    texts.push(
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; ' +
        'correct the existing errors to complete validation',
    );
  }
  return {
    status: 422,
    reason: 'Invalid',
    message: `${table.kind}.${apiGroup(table.apiVersion)} ${goQuote(nameOf(object))} is invalid: ${inOne(texts)}`,
    causes: problems.filter(namesField).map(({ reason, field, message }) => ({
      reason,
      field,
      message,
    })),
  };
}

/** A few texts of the API server are about no field; they are no cause. */
function namesField({ field }: SchemaProblem): boolean {
  return field !== '<nil>';
}

function inOne(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  return distinct.length === 1 ? (distinct[0] ?? '') : `[${distinct.join(', ')}]`;
}

function nameOf(object: JsonObject): string {
  return stringMember(member(object, 'metadata'), 'name');
}

/** What the validating webhook finds when defaults have changed the object after the mutating one. */
function validatingErrors(
  object: JsonObject,
  { kind, namespaced }: KindSchema,
): readonly FieldError[] {
  const type = policyTypes.get(kind);
  const decoded = type && goDecode(type, object);
  const spec = decoded && 'value' in decoded ? member(decoded.value, 'spec') : undefined;
  if (!isObject(spec)) return [];
  const namespace = namespaced ? stringMember(member(object, 'metadata'), 'namespace') : '';
  return kind.endsWith('PropagationPolicy')
    ? validatePropagationSpec(spec, namespace)
    : validateOverrideSpec(spec, namespace);
}

function denied(errors: readonly FieldError[], table: KindSchema): Validation {
  const message = `${refusalBy(table)} denied the request: ${aggregate(errors)}`;
  return { status: 403, reason: 'Forbidden', message };
}

function undecodableByWebhook({ message = '' }: PolicyAdmission, table: KindSchema): Validation {
  return { status: 400, message: `${refusalBy(table)} denied the request: ${message}` };
}

function refusalBy({ kind }: KindSchema): string {
  return `admission webhook "${kind.toLowerCase()}.karmada.io"`;
}
