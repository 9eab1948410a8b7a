import { fieldsLackingIn, isArray, isObject, withoutMember } from '../../engine/index.ts';
import type {
  FieldDifference,
  JsonObject,
  JsonValue,
  ServedDifferences,
} from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { modelledKarmadaVersion } from '../settings.ts';
import type { Settings } from '../settings.ts';

/** In what the Karmada of the control plane differs from the modelled one, as far as policies say it. */
export interface PolicyFields extends ServedDifferences {
  /** As sentences name it: `Karmada 1.16`, `Karmada 1.16.2 on prod`, `the Karmada on prod`. */
  readonly karmada: string;
}

const none: ServedDifferences['unknown'] = new Map();

/** From what the control plane serves, else from the version that it says or the user set. */
export function policyFields(
  { karmadaVersion }: Settings,
  live: LiveControlPlane | undefined,
): PolicyFields {
  if (!live) {
    const lacking = fieldsLackingIn(karmadaVersion);
    return { karmada: `Karmada ${karmadaVersion}`, lacking, unknown: none };
  }
  const version = live.karmadaVersion || (live.differences ? '' : karmadaVersion);
  const karmada = version
    ? `Karmada ${version} on ${live.context}`
    : `the Karmada on ${live.context}`;
  const differences = live.differences ?? { lacking: fieldsLackingIn(version), unknown: none };
  return { ...differences, karmada };
}

export function isSamePolicyFields(a: PolicyFields, b: PolicyFields): boolean {
  return a.karmada === b.karmada && a.lacking === b.lacking && a.unknown === b.unknown;
}

/** Whether a version, as a control plane says it or a user writes it, is that of the engine. */
export function isModelled(karmadaVersion: string): boolean {
  return (
    karmadaVersion === modelledKarmadaVersion ||
    new RegExp(`^${modelledKarmadaVersion.replace('.', '\\.')}\\.\\d`).test(karmadaVersion)
  );
}

/** Whether a version is of a later minor than that of the engine. */
export function isNewer(karmadaVersion: string): boolean {
  const [major = 0, minor = 0] = karmadaVersion.split(/[. ]/, 2).map(Number);
  const [ownMajor = 0, ownMinor = 0] = modelledKarmadaVersion.split('.').map(Number);
  return major > ownMajor || (major === ownMajor && minor > ownMinor);
}

/** The fields of all kinds as a sentence lists them, those of rules as `fieldOverrider`, each once. */
export function fieldNames(differences: ServedDifferences['lacking']): readonly string[] {
  const names = [...differences.values()].flat().map(({ path, values }) => {
    const field = path.replace(/^spec\.(?:(?:overrideRules\[\]\.)?overriders\.)?/, '');
    return values ? `${field} (${values.join(', ')})` : field;
  });
  return [...new Set(names)];
}

/** A node of an object that one of two schemas does not have. */
export interface DifferingNode {
  readonly path: SourcePath;
  readonly difference: FieldDifference;
}

/** Where an object has one of the fields, or one of their values. */
export function differingNodes(
  object: JsonObject,
  differences: readonly FieldDifference[] | undefined,
): readonly DifferingNode[] {
  return (differences ?? []).flatMap((difference) =>
    nodesAt(object, difference.path)
      .filter(({ value }) => !difference.values || isOneOf(value, difference.values))
      .map(({ path }) => ({ path, difference })),
  );
}

interface Node {
  readonly path: SourcePath;
  readonly value: JsonValue;
}

/** The nodes of a path whose `[]` are all entries of a list and whose `{}` all members of a mapping. */
function nodesAt(object: JsonObject, path: string): readonly Node[] {
  // Names of fields may hold dots only where a server made them up; such a field is not found.
  const steps = path.split(/\.|(?=\[\]|\{\})/);
  return steps.reduce<readonly Node[]>(
    (nodes, step) => nodes.flatMap((node) => below(node, step)),
    [{ path: [], value: object }],
  );
}

function below({ path, value }: Node, step: string): readonly Node[] {
  if (step === '[]') {
    return isArray(value) ? value.map((each, i) => ({ path: [...path, i], value: each })) : [];
  }
  if (!isObject(value)) return [];
  const names = step === '{}' ? Object.keys(value) : Object.hasOwn(value, step) ? [step] : [];
  return names.map((name) => ({ path: [...path, name], value: value[name] ?? null }));
}

const isOneOf = (value: JsonValue, values: readonly string[]): boolean =>
  typeof value === 'string' && values.includes(value);

/** An object without what only the server knows, which the engine could do nothing with but refuse. */
export function withoutUnknown(
  object: JsonObject,
  differences: readonly FieldDifference[] | undefined,
): JsonObject {
  const nodes = differingNodes(object, differences);
  return nodes.reduce<JsonObject>((rest, { path }) => without(rest, path) as JsonObject, object);
}

function without(value: JsonValue, [step, ...rest]: SourcePath): JsonValue {
  if (isArray(value)) return value.map((each, i) => (i === step ? without(each, rest) : each));
  if (!isObject(value) || typeof step !== 'string') return value;
  if (rest.length === 0) return withoutMember(value, step);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === step ? without(each, rest) : each]),
  );
}
