import { AvatarCardPopover } from "@mail/discuss/web/avatar_card/avatar_card_popover";

import { XeroReceivables } from "../components/xero_receivables/xero_receivables";

Object.assign(AvatarCardPopover, {
    components: { ...AvatarCardPopover.components, XeroReceivables },
});
