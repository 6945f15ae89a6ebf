"""What depends on how a database locks, once more on PostgreSQL: the same tests, another `lab`."""
# ruff: noqa: F401 - the imported tests are what this file is for

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.test_people_invitations import (
    test_a_guest_joins_by_name_only,
    test_uses_are_counted_even_when_many_come_at_once,
    test_withdrawing_an_invitation_and_the_sign_ins_it_made,
)
from tests.integration.test_people_links import (
    test_nodes_that_start_at_once_make_one_first_member_of_staff,
    test_the_first_link_is_printed_until_a_member_of_staff_has_signed_in,
    test_two_presses_at_once_sign_in_once,
)
from tests.integration.test_people_revocation import (
    test_a_change_committed_late_under_a_lower_number_is_heard,
    test_old_changes_are_removed_and_numbers_never_come_again,
)
from tests.integration.test_people_sessions import (
    test_a_new_role_means_a_new_token_at_the_next_page,
    test_bearer_tokens_are_shown_once_listed_and_withdrawn,
    test_own_sessions_are_listed_and_ended,
)
from tests.integration.test_people_sign_in import (
    test_five_failures_and_growing_pauses_per_account_and_network,
    test_guesses_at_the_same_moment_are_all_counted,
)
from tests.integration.test_people_staff import (
    test_people_are_found_by_name_and_address_page_by_page,
    test_the_last_member_of_staff_stays,
    test_two_accounts_with_one_address_at_once,
)
from tests.integration.test_web_errors import test_a_character_no_database_takes_is_refused
from tests.support.app import Lab, running_lab

pytestmark = pytest.mark.services


@pytest.fixture
async def lab(postgres_url: str, tmp_path: Path) -> AsyncIterator[Lab]:
    async with running_lab(postgres_url, tmp_path) as running:
        yield running
