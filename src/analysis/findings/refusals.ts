import {
  admit,
  applyDefaults,
  checkSchema,
  compareFluxMinors,
  findSchema,
  fluxMinors,
  isObject,
  member,
  withMember,
} from '../../engine/index.ts';
import type {
  FluxMinor,
  JsonObject,
  KindSchema,
  SchemaProblem,
  Validation,
} from '../../engine/index.ts';
import { withoutUnknown } from '../live/policyFields.ts';
import { pathOfField } from '../place.ts';
import { refusalText } from '../refusalText.ts';
import type { Item } from '../snapshot.ts';
import { fieldPlace, missingPlace } from './document/fieldPlace.ts';
import { pathOfGoField } from './document/goField.ts';
import type { ObjectContext, ObjectFinding } from './document/objectRule.ts';
import { schemaSentence } from './document/schemaSentence.ts';

/**
 * What the API server and the webhooks say to an object that they refuse, each cause on its field. Everything that is
 * wrong is told at once; the server stops at the first stage that fails. Versions that are not served are told elsewhere.
 */
export function refusals(item: Item, { flux, policies }: ObjectContext): readonly ObjectFinding[] {
  const { refusal } = item;
  if (!refusal) return [];
  const source = withoutUnknown(item.source, policies.unknown.get(item.kind));
  const table = findSchema(item.apiVersion, item.kind, flux);
  if (!table) return [];
  const found = [
    ...problemsOf(source, table).map((problem) =>
      schemaFinding({ ...item, source }, problem, flux),
    ),
    ...admissionFindings({ ...item, source }, table),
  ];
  return found.length > 0 ? found : [unexplained(source, refusal)];
}

/** A status that is written on creation is thrown away before it is checked, but has to be decoded. */
function problemsOf(source: JsonObject, table: KindSchema): readonly SchemaProblem[] {
  return checkSchema(source, table).filter(
    ({ path, code }) => path[0] !== 'status' || code === 'unknown-field',
  );
}

function admissionFindings(item: Item, table: KindSchema): readonly ObjectFinding[] {
  const { source } = item;
  return admit(applyDefaults(inNamespace(item), table)).errors.map(({ field, message }) => ({
    code: 'admission-denied',
    ...fieldPlace(source, pathOfField(source, field)),
    message: `Karmada refuses this: ${message}`,
  }));
}

function inNamespace({ source, namespace }: Item): JsonObject {
  const metadata = member(source, 'metadata');
  if (namespace === '' || !isObject(metadata)) return source;
  return withMember(source, 'metadata', withMember(metadata, 'namespace', namespace));
}

/** On the key of an unknown field, on a wrong value, and for a missing field on what should hold it. */
function schemaFinding(
  { source, apiVersion, kind }: Item,
  problem: SchemaProblem,
  flux: FluxMinor,
) {
  const { code, path } = problem;
  const message = schemaSentence(problem, source);
  const newer = newerFlux({ source, apiVersion, kind }, problem, flux);
  if (newer) {
    const name = code === 'unknown-field' ? String(path.at(-1)) : problem.field;
    const needs = `${name} needs Flux ${newer}, and Flux ${flux} is in force: its API server refuses the object. Leave it out or upgrade Flux.`;
    const on = code === 'unknown-field' ? ({ on: 'key' } as const) : {};
    return { code: 'field-needs-newer-flux', path, ...on, message: needs } as const;
  }
  if (code === 'unknown-field') return { code, path, on: 'key', message } as const;
  return code === 'missing-field'
    ? { code, message, ...missingPlace(source, path) }
    : { code, message, ...fieldPlace(source, path) };
}

/** The first later Flux minor that takes a field or a choice, `undefined` when none does. */
function newerFlux(
  { source, apiVersion, kind }: Pick<Item, 'source' | 'apiVersion' | 'kind'>,
  { code, reason, field }: SchemaProblem,
  flux: FluxMinor,
): FluxMinor | undefined {
  if (code !== 'unknown-field' && reason !== 'FieldValueNotSupported') return undefined;
  return fluxMinors.find((minor) => {
    if (compareFluxMinors(minor, flux) <= 0) return false;
    const table = findSchema(apiVersion, kind, minor);
    return (
      table &&
      !checkSchema(source, table).some((other) => other.field === field && other.reason === reason)
    );
  });
}

/** What no rule of ours explains, on the field that the server names in its words. */
function unexplained(source: JsonObject, refusal: Validation): ObjectFinding {
  const text = refusalText(refusal);
  const field = refusal.causes?.[0]?.field ?? '';
  const path = field === '' ? pathOfGoField(source, text) : pathOfField(source, field);
  const message = `The API server refuses this: ${text}`;
  return { code: 'admission-denied', message, ...fieldPlace(source, path) };
}
