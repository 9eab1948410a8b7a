/**
 * The plain shapes that the engine reads and answers with. Everything is data: no classes, no functions, no
 * positions in text. Inputs are never changed; answers may be frozen and shared between clusters.
 */

/** A value as Go's JSON decoder would hold it. Integers that a number cannot hold exactly are `bigint`. */
export type JsonValue = null | boolean | number | bigint | string | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A value, or the text of the error in Karmada's words. */
export type Result<T> = { readonly value: T } | { readonly error: string };

/** What member clusters get of one template. The form of `preview` and `override`. */
export interface Outcome {
  /** `APIVERSION/KIND/NAMESPACE/NAME`; the namespace is empty for a cluster-scoped template. */
  readonly template: string;
  /** `PropagationPolicy/NAMESPACE/NAME` or `ClusterPropagationPolicy/NAME`; absent when no policy claims it. */
  readonly policy?: string;
  /** `affinityName` of the `clusterAffinities` term in use. */
  readonly affinity?: string;
  /** Why the scheduler placed it nowhere, in Karmada's words. */
  readonly error?: string;
  /** Names of the chosen clusters. */
  readonly clusters?: readonly string[];
  /** One per distinct result; every chosen cluster is in exactly one. */
  readonly variants: readonly Variant[];
}

/** One distinct result and the clusters that get it. */
export interface Variant {
  readonly clusters: readonly string[];
  /** The object the clusters get, without what Karmada adds per cluster. Absent beside `error`. */
  readonly manifest?: JsonObject;
  /** Why Karmada writes no Work for these clusters, in its words. */
  readonly error?: string;
  /** ClusterOverridePolicies applied, one name per applied rule, in the order in which they applied. */
  readonly clusterOverrides?: readonly string[];
  /** OverridePolicies applied, one name per applied rule, in the order in which they applied. */
  readonly overrides?: readonly string[];
  /** Name of the Work in `karmada-es-CLUSTER`. */
  readonly work?: string;
}

/** The webhooks' verdict on a CREATE. */
export interface Admission {
  readonly allowed: boolean;
  /** Karmada's text; present when refused. */
  readonly message?: string;
  /** The object after the mutating webhook's defaults to `spec`. */
  readonly object: JsonObject;
}

/** One cause of a refusal, as in a Kubernetes `Status`. */
export interface StatusCause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** What the API server answers to a CREATE with strict field validation. */
export interface Validation {
  /** 201 stored, 400 undecodable or unknown field, 403 refused by a webhook, 422 against the schema. */
  readonly status: 201 | 400 | 403 | 422;
  readonly reason?: string;
  readonly message?: string;
  readonly causes?: readonly StatusCause[];
  /** The spec as stored, with the defaults of schema and webhooks. */
  readonly spec?: JsonValue;
}
