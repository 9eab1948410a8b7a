import type { ObjectReference } from '../rows.ts';

/*
 * A rollout is what becomes of a push on each cluster, told from the rows of the control plane alone. Karmada does not
 * say of which version of a Work its condition Applied speaks, and goes on to report what Flux said of the version
 * before; so what was there before the push is kept, and only what is newer counts.
 */

/** What is to become of a template on clusters that all fare alike. */
export interface Expectation {
  readonly template: ObjectReference;
  readonly clusters: readonly string[];
  /**
   * `arrives`: a Work that was not there, or with another manifest. `leaves`: the Work goes. `fails`: the review said that
   * an override fails there. `stands`: nothing is changed, and what there is is told.
   */
  readonly type: 'arrives' | 'leaves' | 'fails' | 'stands';
  /** Whether more than labels and annotations differ: only then does the member's object get another generation. */
  readonly isSpecChanged: boolean;
  /** The template's generation once it is written, where the push changes it. */
  readonly templateGeneration?: number;
  /** HelmRelease: the chart version that the new manifest asks for; '' for none. */
  readonly chartVersion?: string;
  /** Flux is told to leave it alone there: it does not become ready. */
  readonly isSuspended?: boolean;
  /** What the review said of it. */
  readonly reason?: string;
}

/** What is followed. */
export interface RolloutRequest {
  readonly expectations: readonly Expectation[];
  /** When it began, ms since the epoch. */
  readonly since: number;
  readonly baseline: RolloutBaseline;
}

/** How things were before the push. Plain data, so that it can be kept over the end of the window. */
export interface RolloutBaseline {
  /** By `lineKey`. What is not in it was not there. */
  readonly works: Readonly<Record<string, BaselineWork>>;
  /** The latest event about each template, by its object key: resourceVersions. */
  readonly events: Readonly<Record<string, number>>;
}

/** A Work and what its member had reported. */
export interface BaselineWork {
  readonly uid: string;
  readonly generation: number;
  /** What the member's object was at, at least; 0 where nothing had been applied. */
  readonly memberGeneration: number;
  /** The failure to apply that it had, with its time; '' for none. */
  readonly failure: string;
}

/** The way of a template to a cluster, in this order. */
export const milestones = ['scheduled', 'written', 'applied', 'reconciling', 'ready'] as const;
export type Milestone = (typeof milestones)[number];

/**
 * How far a template is on a cluster. `waiting`: not scheduled there yet. `held`: dispatch or Flux is suspended.
 */
export type Stage = 'waiting' | Milestone | 'failed' | 'held' | 'leaving' | 'gone';

/** One template on one cluster. */
export interface RolloutLine {
  readonly key: string;
  readonly template: ObjectReference;
  readonly cluster: string;
  readonly stage: Stage;
  /** Karmada's or Flux's own words, or ours where they have none; '' for nothing to say. */
  readonly message: string;
  /** It has failed, and Flux tries again by itself. */
  readonly isRetried?: boolean;
  /** When it came as far, ms since the epoch, never before the rollout began. */
  readonly reached: Readonly<Partial<Record<Milestone | 'gone', number>>>;
  /** Since when it is in this stage. */
  readonly since: number;
}

/** A rollout at one moment. */
export interface Rollout {
  readonly since: number;
  /** By template in the request's order, then by cluster. */
  readonly lines: readonly RolloutLine[];
  readonly counts: Readonly<Record<Stage, number>>;
  /** Whether nothing is on its way any more: each line is ready, gone, held, or has failed for a while for good. */
  readonly isSettled: boolean;
}
