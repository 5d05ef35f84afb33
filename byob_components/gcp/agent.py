"""The service agent of Cloud Storage: the account by which Google encrypts, looked up once a provider and project."""

import weakref

import pulumi
import pulumi_gcp as gcp

from byob_components.questions import answered

_LOOKUP = "gcp:storage/getProjectServiceAccount:getProjectServiceAccount"
_Place = tuple[pulumi.Resource | None, str | None]
_found: "weakref.WeakKeyDictionary[pulumi.Resource, dict[_Place, pulumi.Output[str]]]" = weakref.WeakKeyDictionary()
"""Per run (its stack resource), provider and project (None for the default ones); in the hosted form there is no stack
resource, and nothing is shared."""


def storage_agent(
    component: pulumi.Resource, given: pulumi.Input[str] | None, project: pulumi.Input[str] | None
) -> pulumi.Output[str]:
    """The e-mail address of the agent, asked for only when it is not given.

    The look-up has a side effect that is wanted: Google makes the agent at the first question.

    Args:
        component: Whose provider is meant.
        given: The address, when the caller knows it.
        project: The bucket's project; default the provider's.
    """
    if given is not None:
        return pulumi.Output.from_input(given)
    provider = component.get_provider(_LOOKUP)
    stack = pulumi.runtime.get_root_resource()
    shared = stack is not None and (project is None or isinstance(project, str))
    known = _found.setdefault(stack, {}) if stack is not None and shared else {}
    place: _Place = (provider, project if isinstance(project, str) else None)
    if place not in known:
        options = pulumi.InvokeOutputOptions(provider=provider) if provider else None
        found = answered(
            gcp.storage.get_project_service_account_output(project=project, opts=options),
            "BYOB-GCP-033",
            "storage_service_agent",
            "is not given, and could not be looked up",
            "with storage_service_agent given nothing is looked up",
        )
        known[place] = found.email_address
    return known[place]
