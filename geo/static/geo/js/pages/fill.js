// A form that is typed in, and the list of forms on this telephone; both work without a connection.
import { find } from "../lib/page.js";
import { startFilling } from "../submissions/filling.js";
import { startPhoneList } from "../submissions/phone_list.js";

const form = find("#fill");
const list = find("[data-phone]");
if (form) {
  startFilling(form);
}
if (list) {
  startPhoneList(list);
}
