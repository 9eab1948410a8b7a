import type { JsonValue } from '../types.ts';

/** A Flux minor release, `2.0` … `2.9`. */
export type FluxMinor = `${number}.${number}`;

/**
 * One node of a structural schema: what the API server checks and defaults, and our own line of documentation.
 * A plain-data table, so that validation, completion, hover and CRD generation read the same source.
 */
export interface Schema {
  /** Absent: any value (`x-kubernetes-preserve-unknown-fields` without a type). */
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** One line of our own, in the user's terms. */
  readonly description?: string;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly JsonValue[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly default?: JsonValue;
  readonly nullable?: true;
  readonly preserveUnknownFields?: true;
  readonly intOrString?: true;
  /** `x-kubernetes-map-type: atomic`, which matters to server-side apply only. */
  readonly mapType?: 'atomic' | 'granular';
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  /** `x-kubernetes-validations`: the rule as it stands in the CRD, its message, and the check in our own code. */
  readonly rules?: readonly SchemaRule[];
  /** First Flux minor whose CRD has the field. Absent: always there. */
  readonly since?: FluxMinor;
  /** First Flux minor whose CRD no longer has the field. */
  readonly until?: FluxMinor;
  /** What differs in some Flux minors only; members given here replace the node's own. */
  readonly variants?: readonly SchemaVariant[];
  readonly deprecated?: true;
}

/** What a node says in the Flux minors from `since` (inclusive) to `until` (exclusive). */
export interface SchemaVariant {
  readonly since?: FluxMinor;
  readonly until?: FluxMinor;
  readonly schema: Partial<Schema>;
}

export interface SchemaRule {
  readonly rule: string;
  readonly message: string;
  /** Whether the value satisfies the rule. Total: any JSON in, a boolean out. */
  readonly holds: (value: JsonValue) => boolean;
  readonly since?: FluxMinor;
  readonly until?: FluxMinor;
}

/** A kind in one apiVersion. */
export interface KindSchema {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  readonly description: string;
  /** The root: `spec` and `status`; `apiVersion`, `kind` and `metadata` are implied. */
  readonly schema: Schema;
  /** First Flux minor that serves this version. */
  readonly servedSince?: FluxMinor;
  /** First Flux minor that no longer serves this version. */
  readonly servedUntil?: FluxMinor;
  /** First Flux minor that marks this version as deprecated. */
  readonly deprecatedSince?: FluxMinor;
  /** Columns of `kubectl get`, without NAME. */
  readonly columns?: readonly PrinterColumn[];
}

/** One column that `kubectl get` prints. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean';
  readonly jsonPath: string;
}
