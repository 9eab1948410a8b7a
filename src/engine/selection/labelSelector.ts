import { arrayMember, isArray, isObject, member, memberAt, stringMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { labelKeyErrors, labelValueErrors } from './labelSyntax.ts';

/** Labels as Kubernetes holds them: every value is a string. */
export type Labels = ReadonlyMap<string, string>;

/** Whether labels satisfy a compiled selector. */
export type LabelPredicate = (labels: Labels) => boolean;

const noLabels: Labels = new Map();

/**
 * The labels of an object as `GetLabels` of an unstructured object gives them: null counts as `''`, and any other
 * value that is no string empties the whole map (apimachinery `NestedNullCoercingStringMap`).
 */
export function labelsOf(object: JsonObject): Labels {
  return stringMap(memberAt(object, 'metadata', 'labels'));
}

/** The annotations of an object; the same reading as of labels. */
export function annotationsOf(object: JsonObject): Labels {
  return stringMap(memberAt(object, 'metadata', 'annotations'));
}

function stringMap(value: JsonValue | undefined): Labels {
  if (!isObject(value)) return noLabels;
  const map = new Map<string, string>();
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (typeof text !== 'string' && text !== null) return noLabels;
    map.set(key, text ?? '');
  }
  return map;
}

const compiled = new WeakMap<JsonObject, LabelPredicate | undefined>();

/**
 * Compiles a `metav1.LabelSelector`; `undefined` when it cannot be converted, which every caller in Karmada takes as
 * "matches nothing" (apimachinery `LabelSelectorAsSelector`, `labels.NewRequirement`). An empty selector matches
 * everything. Compiled once an object.
 */
export function compileLabelSelector(selector: JsonValue): LabelPredicate | undefined {
  if (!isObject(selector)) return undefined;
  if (compiled.has(selector)) return compiled.get(selector);
  const predicate = compile(selector);
  compiled.set(selector, predicate);
  return predicate;
}

function compile(selector: JsonObject): LabelPredicate | undefined {
  const requirements: LabelPredicate[] = [];
  const matchLabels = member(selector, 'matchLabels');
  if (isObject(matchLabels)) {
    for (const key of Object.keys(matchLabels)) {
      const value = matchLabels[key] ?? '';
      if (typeof value !== 'string') return undefined;
      const requirement = compileRequirement(key, 'In', [value]);
      if (!requirement) return undefined;
      requirements.push(requirement);
    }
  }
  for (const expression of arrayMember(selector, 'matchExpressions')) {
    const operator = stringMember(expression, 'operator');
    if (operator === 'Gt' || operator === 'Lt') return undefined;
    const requirement = compileExpression(expression);
    if (!requirement) return undefined;
    requirements.push(requirement);
  }
  return (labels) => requirements.every((matches) => matches(labels));
}

/**
 * Compiles one `{key, operator, values}`, of a label selector or of a node selector (which also knows `Gt` and `Lt`);
 * `undefined` when it is no valid requirement.
 */
export function compileExpression(expression: JsonValue): LabelPredicate | undefined {
  const values = arrayMember(expression, 'values');
  return compileRequirement(
    stringMember(expression, 'key'),
    stringMember(expression, 'operator'),
    isArray(values) ? values.map((value) => (typeof value === 'string' ? value : '')) : [],
  );
}

function compileRequirement(
  key: string,
  operator: string,
  values: readonly string[],
): LabelPredicate | undefined {
  if (labelKeyErrors(key).length > 0) return undefined;
  if (values.some((value) => labelValueErrors(value).length > 0)) return undefined;
  const wanted = new Set(values);
  switch (operator) {
    case 'In':
      if (values.length === 0) return undefined;
      return (labels) => {
        const value = labels.get(key);
        return value !== undefined && wanted.has(value);
      };
    case 'NotIn':
      if (values.length === 0) return undefined;
      return (labels) => {
        const value = labels.get(key);
        return value === undefined || !wanted.has(value);
      };
    case 'Exists':
      return values.length > 0 ? undefined : (labels) => labels.has(key);
    case 'DoesNotExist':
      return values.length > 0 ? undefined : (labels) => !labels.has(key);
    case 'Gt':
    case 'Lt':
      return compileComparison(key, operator, values);
    default:
      return undefined;
  }
}

function compileComparison(
  key: string,
  operator: 'Gt' | 'Lt',
  values: readonly string[],
): LabelPredicate | undefined {
  const bound = values.length === 1 ? parseInt64(values[0] ?? '') : undefined;
  if (bound === undefined) return undefined;
  return (labels) => {
    const value = parseInt64(labels.get(key) ?? '');
    return value !== undefined && (operator === 'Gt' ? value > bound : value < bound);
  };
}

function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
