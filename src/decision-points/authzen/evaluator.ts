import { authorize, may } from '../../auth/permissions.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import type { OrganizationState } from '../../domain/ledger/snapshot.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import type { Decisions } from '../../policy/decisions.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import { noMember, type Subject } from '../../policy/subject.ts';
import type { Call } from '../call.ts';
import { organizationOf } from '../organization.ts';
import { type Entity, organizationNamed } from './entities.ts';
import { describedAs, subjectIdOf } from './subjects.ts';

type OrganizationDecisions = Decisions<OrganizationState>;

/** The decisions for the subject of a question. */
export interface Deciding {
  subject: Subject;
  decisions: OrganizationDecisions;
  /** Those for the subject as the request describes it, where it does: what they refuse is refused. */
  narrower: OrganizationDecisions | undefined;
}

/** Decides the questions of one request, which are about one organization. Questions about the same subject share its decisions. */
export class Evaluator {
  readonly context: Context;
  readonly organizationId: string;
  #last: { subject: Entity; deciding: Deciding } | undefined;

  constructor(context: Context, organizationId: string) {
    this.context = context;
    this.organizationId = organizationId;
  }

  /**
   * For the organization that a call is about, which its body may name.
   * @throws ForbiddenError, ValidationError
   */
  static of(call: Call, body: Readonly<Record<string, unknown>>): Evaluator | Promise<Evaluator> {
    const { context } = call;
    const named = organizationNamed(body);
    const acting = named === null ? undefined : context.actIn(named);
    return withLoaded(acting, () => new Evaluator(context, organizationOf(call, named)));
  }

  /** @throws ForbiddenError for another subject than the caller, where it may not ask about others */
  decisionsFor(subject: Entity): Deciding | Promise<Deciding> {
    // Those of a batch that give no subject of their own have one object for it.
    if (this.#last?.subject === subject) return this.#last.deciding;
    const { context, organizationId } = this;
    const id = subjectIdOf(subject);
    const isOther = id === null || id !== viewerIdOf(context.viewer);
    if (isOther) authorize(context.viewer, 'readSubjects', organizationId);

    const known = id === null ? context.decisionsAs(organizationId, noMember) : context.decisions(organizationId, id);
    return withLoaded(known, (decisions) => {
      // By a description of itself a member would find out the rules of other roles and teams.
      const mayDescribe = isOther || may(context.viewer, 'readSubjects', organizationId);
      const described = mayDescribe ? describedAs(decisions.subject, subject) : undefined;
      const narrower = described && context.decisionsAs(organizationId, described);
      return withLoaded(narrower as OrganizationDecisions | Promise<OrganizationDecisions>, (those) => {
        const deciding = {
          subject: decisions.subject,
          decisions,
          narrower: those as OrganizationDecisions | undefined,
        };
        this.#last = { subject, deciding };
        return deciding;
      });
    });
  }

  /** Counts a refusal of what a gateway has asked for whoever uses it, or a caller for itself. An admin only looks. */
  count({ subject: { id } }: Deciding, name: string, access: ModelAccess): void {
    const { viewer } = this.context;
    if (id === null || (viewer.service === null && id !== viewerIdOf(viewer))) return;
    this.context.countRefusal(this.organizationId, name, access, id);
  }
}
