// A dossier that is being made: follows its progress.
import { find } from "../lib/page.js";
import { followProgress } from "../submissions/progress.js";

followProgress(find("[data-progress]"));
