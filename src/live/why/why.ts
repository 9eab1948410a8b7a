import type { Advice } from '../advice.ts';
import type { ObjectReference } from '../rows.ts';

/** How well something is; decides the order in which things are told. */
export type WhyState = 'ok' | 'busy' | 'paused' | 'failed' | 'missing' | 'info';

/** An object that a text leads to; with `cluster` it is the member's. */
export interface WhyTarget extends ObjectReference {
  readonly cluster?: string;
}

/** Text of our own, with the objects in it that lead somewhere. Strings of a cluster are in `quote` or `target`. */
export type WhyPiece =
  | string
  /** Words of a cluster: never markup, never a link. */
  | { readonly quote: string }
  | WhyLinkPiece;
export interface WhyLinkPiece {
  readonly text: string;
  readonly target: WhyTarget;
}
export type WhyText = readonly WhyPiece[];

/** One step of the way from the template to the members. */
export interface WhyHop {
  readonly step: 'Template' | 'Policy' | 'Binding' | 'Work' | 'Member';
  readonly object: WhyText;
  readonly state: WhyState;
  readonly says: WhyText;
  /** RFC 3339; '' when there is no time. */
  readonly since: string;
}

/** Something that is wrong, with what it means, and what to do. */
export interface WhyProblem {
  readonly state: WhyState;
  readonly title: WhyText;
  readonly advice?: Advice;
  /** In the words of Karmada or Flux; empty when there are none. */
  readonly message: string;
  /** RFC 3339; '' when there is no time. */
  readonly since: string;
}

/** A policy beside the template and what became of it. */
export interface WhyPolicy {
  readonly policy: WhyText;
  readonly wins: boolean;
  readonly says: string;
}

/** An override and the clusters on which it applied, failed, or should have applied. */
export interface WhyOverride {
  readonly policy: WhyText;
  readonly state: WhyState;
  readonly clusters: readonly string[];
  readonly says: string;
  /** Why it fails, in Karmada's words; '' where it does not. */
  readonly error: string;
}

/** A template that a policy selects or has. */
export interface WhyTemplate {
  readonly object: WhyText;
  readonly state: WhyState;
  readonly says: WhyText;
  /** Why it fails, in Karmada's words; '' where it does not. */
  readonly error: string;
}

/** Clusters of which the same is to be said. */
export interface WhyClusters {
  readonly state: WhyState;
  /** `ready`, `not chosen`, … */
  readonly title: string;
  readonly clusters: readonly string[];
  /** Why; one sentence. */
  readonly says: string;
}

/** What a member says of one cluster's copy, a name and a value each. */
export type WhyFact = readonly [name: string, value: WhyText];

export interface WhyEvent {
  readonly at: string;
  readonly count: number;
  readonly by: string;
  readonly reason: string;
  readonly about: WhyText;
  readonly message: string;
  /** The cluster that it speaks of; '' for none. */
  readonly on: string;
  /** What it speaks of is well by now. */
  readonly isOver: boolean;
}

/** What Flux says on a member. */
export interface WhyFlux {
  readonly cluster: string;
  /** Why there is nothing to show; empty when there is. */
  readonly says: WhyText;
  /** Newest first. */
  readonly events: readonly {
    readonly at: string;
    readonly count: number;
    readonly state: WhyState;
    readonly reason: string;
    /** In plain words, without a full stop; '' for a reason that is not known. */
    readonly says: string;
    readonly message: string;
    /** Empty for the object itself. */
    readonly about: WhyText;
  }[];
}

/** Everything that explains one template, one cluster under it, or one policy. Plain data. */
export interface Why {
  /** `HelmRelease default/podinfo` */
  readonly title: string;
  /** The first thing to know: one sentence. */
  readonly summary: string;
  readonly state: WhyState;
  readonly hops: readonly WhyHop[];
  /** Worst first. */
  readonly problems: readonly WhyProblem[];
  readonly clusters: readonly WhyClusters[];
  /** Of the one cluster that was asked about. */
  readonly facts: readonly WhyFact[];
  /** Of the one cluster that was asked about, where Flux's events were asked for. */
  readonly flux?: WhyFlux;
  /** Of the policy that was asked about. */
  readonly templates: readonly WhyTemplate[];
  readonly policies: readonly WhyPolicy[];
  readonly overrides: readonly WhyOverride[];
  /** Newest first. */
  readonly events: readonly WhyEvent[];
  /** What surprises people and holds here. */
  readonly notes: readonly string[];
}
