import { choiceRecord } from '../preprocessing/choices'
import { code, FRAMEWORK_NAMES, FRAMEWORKS } from '../preprocessing/fitted'
import type { ChoiceSpec, FittedPreprocessing } from '../preprocessing/preprocessing'
import { canonicalJson } from '../study/json'
import { markup } from './html'
import type { Html } from './html'

/** The choice that is advised, for each library, with the constants of the training images. */
export function codeHtml(choice: ChoiceSpec, fits: readonly FittedPreprocessing[]): Html {
  const key = canonicalJson(choice)
  const fitted = fits.find((one) => canonicalJson(one.choice) === key)
  const title = markup`<h3>“${choiceRecord(choice.id).name}” as code</h3>`
  if (!fitted) {
    return markup`${title}
<p>The images were not at hand when this report was written, and its constants are counted from
them: <code>normscope advise PATH --for keras</code> writes the code.</p>
`
  }
  return markup`${title}
<p class="second">Takes a batch of images as they are stored; constants are of all training images.</p>
${FRAMEWORKS.map(
  (library) => markup`<div class="program"><h4>${FRAMEWORK_NAMES[library]}</h4>
<pre tabindex="0" aria-label="Code for ${FRAMEWORK_NAMES[library]}"><code>${code(fitted, library).trimEnd()}</code></pre></div>
`
)}`
}
