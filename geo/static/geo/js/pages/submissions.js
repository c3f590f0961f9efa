// The desk, a form, and the page of a submission.
import { find } from "../lib/page.js";
import { followProgress } from "../submissions/progress.js";
import { startUploads } from "../submissions/upload.js";

startUploads();
followProgress(find("[data-progress]"));
find("[data-print]")?.addEventListener("click", () => print());
