/**
 * @license
 * Copyright 2019 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var ye=globalThis,ve=ye.ShadowRoot&&(ye.ShadyCSS===void 0||ye.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Ve=Symbol(),Tt=new WeakMap,ie=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==Ve)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(ve&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=Tt.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&Tt.set(t,e))}return e}toString(){return this.cssText}},Rt=n=>new ie(typeof n=="string"?n:n+"",void 0,Ve),f=(n,...e)=>{let t=n.length===1?n[0]:e.reduce((s,i,o)=>s+(r=>{if(r._$cssResult$===!0)return r.cssText;if(typeof r=="number")return r;throw Error("Value passed to 'css' function must be a 'css' function result: "+r+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+n[o+1],n[0]);return new ie(t,n,Ve)},Et=(n,e)=>{if(ve)n.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=ye.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,n.appendChild(s)}},je=ve?n=>n:n=>n instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return Rt(t)})(n):n;/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{is:Cs,defineProperty:Os,getOwnPropertyDescriptor:Is,getOwnPropertyNames:Ls,getOwnPropertySymbols:Ms,getPrototypeOf:Bs}=Object,be=globalThis,Pt=be.trustedTypes,Ns=Pt?Pt.emptyScript:"",zs=be.reactiveElementPolyfillSupport,ne=(n,e)=>n,We={toAttribute(n,e){switch(e){case Boolean:n=n?Ns:null;break;case Object:case Array:n=n==null?n:JSON.stringify(n)}return n},fromAttribute(n,e){let t=n;switch(e){case Boolean:t=n!==null;break;case Number:t=n===null?null:Number(n);break;case Object:case Array:try{t=JSON.parse(n)}catch{t=null}}return t}},Ot=(n,e)=>!Cs(n,e),Ct={attribute:!0,type:String,converter:We,reflect:!1,useDefault:!1,hasChanged:Ot};Symbol.metadata??=Symbol("metadata"),be.litPropertyMetadata??=new WeakMap;var C=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Ct){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&Os(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:o}=Is(this.prototype,e)??{get(){return this[t]},set(r){this[t]=r}};return{get:i,set(r){let l=i?.call(this);o?.call(this,r),this.requestUpdate(e,l,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Ct}static _$Ei(){if(this.hasOwnProperty(ne("elementProperties")))return;let e=Bs(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ne("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ne("properties"))){let t=this.properties,s=[...Ls(t),...Ms(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(je(i))}else e!==void 0&&t.push(je(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return Et(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let o=(s.converter?.toAttribute!==void 0?s.converter:We).toAttribute(t,s.type);this._$Em=e,o==null?this.removeAttribute(i):this.setAttribute(i,o),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let o=s.getPropertyOptions(i),r=typeof o.converter=="function"?{fromAttribute:o.converter}:o.converter?.fromAttribute!==void 0?o.converter:We;this._$Em=i;let l=r.fromAttribute(t,o.type);this[i]=l??this._$Ej?.get(i)??l,this._$Em=null}}requestUpdate(e,t,s,i=!1,o){if(e!==void 0){let r=this.constructor;if(i===!1&&(o=this[e]),s??=r.getPropertyOptions(e),!((s.hasChanged??Ot)(o,t)||s.useDefault&&s.reflect&&o===this._$Ej?.get(e)&&!this.hasAttribute(r._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:o},r){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,r??t??this[e]),o!==!0||r!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,o]of this._$Ep)this[i]=o;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,o]of s){let{wrapped:r}=o,l=this[i];r!==!0||this._$AL.has(i)||l===void 0||this.C(i,void 0,o,l)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};C.elementStyles=[],C.shadowRootOptions={mode:"open"},C[ne("elementProperties")]=new Map,C[ne("finalized")]=new Map,zs?.({ReactiveElement:C}),(be.reactiveElementVersions??=[]).push("2.1.2");/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Ge=globalThis,It=n=>n,we=Ge.trustedTypes,Lt=we?we.createPolicy("lit-html",{createHTML:n=>n}):void 0,qe="$lit$",O=`lit$${Math.random().toFixed(9).slice(2)}$`,Ke="?"+O,Hs=`<${Ke}>`,H=document,re=()=>H.createComment(""),ae=n=>n===null||typeof n!="object"&&typeof n!="function",Ye=Array.isArray,Dt=n=>Ye(n)||typeof n?.[Symbol.iterator]=="function",Fe=`[ 	
\f\r]`,oe=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Mt=/-->/g,Bt=/>/g,N=RegExp(`>|${Fe}(?:([^\\s"'>=/]+)(${Fe}*=${Fe}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Nt=/'/g,zt=/"/g,Ut=/^(?:script|style|textarea|title)$/i,Je=n=>(e,...t)=>({_$litType$:n,strings:e,values:t}),a=Je(1),Vt=Je(2),Fi=Je(3),I=Symbol.for("lit-noChange"),d=Symbol.for("lit-nothing"),Ht=new WeakMap,z=H.createTreeWalker(H,129);function jt(n,e){if(!Ye(n)||!n.hasOwnProperty("raw"))throw Error("invalid template strings array");return Lt!==void 0?Lt.createHTML(e):e}var Wt=(n,e)=>{let t=n.length-1,s=[],i,o=e===2?"<svg>":e===3?"<math>":"",r=oe;for(let l=0;l<t;l++){let c=n[l],h,u,p=-1,y=0;for(;y<c.length&&(r.lastIndex=y,u=r.exec(c),u!==null);)y=r.lastIndex,r===oe?u[1]==="!--"?r=Mt:u[1]!==void 0?r=Bt:u[2]!==void 0?(Ut.test(u[2])&&(i=RegExp("</"+u[2],"g")),r=N):u[3]!==void 0&&(r=N):r===N?u[0]===">"?(r=i??oe,p=-1):u[1]===void 0?p=-2:(p=r.lastIndex-u[2].length,h=u[1],r=u[3]===void 0?N:u[3]==='"'?zt:Nt):r===zt||r===Nt?r=N:r===Mt||r===Bt?r=oe:(r=N,i=void 0);let g=r===N&&n[l+1].startsWith("/>")?" ":"";o+=r===oe?c+Hs:p>=0?(s.push(h),c.slice(0,p)+qe+c.slice(p)+O+g):c+O+(p===-2?l:g)}return[jt(n,o+(n[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},le=class n{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let o=0,r=0,l=e.length-1,c=this.parts,[h,u]=Wt(e,t);if(this.el=n.createElement(h,s),z.currentNode=this.el.content,t===2||t===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(i=z.nextNode())!==null&&c.length<l;){if(i.nodeType===1){if(i.hasAttributes())for(let p of i.getAttributeNames())if(p.endsWith(qe)){let y=u[r++],g=i.getAttribute(p).split(O),m=/([.?@])?(.*)/.exec(y);c.push({type:1,index:o,name:m[2],strings:g,ctor:m[1]==="."?$e:m[1]==="?"?ke:m[1]==="@"?xe:U}),i.removeAttribute(p)}else p.startsWith(O)&&(c.push({type:6,index:o}),i.removeAttribute(p));if(Ut.test(i.tagName)){let p=i.textContent.split(O),y=p.length-1;if(y>0){i.textContent=we?we.emptyScript:"";for(let g=0;g<y;g++)i.append(p[g],re()),z.nextNode(),c.push({type:2,index:++o});i.append(p[y],re())}}}else if(i.nodeType===8)if(i.data===Ke)c.push({type:2,index:o});else{let p=-1;for(;(p=i.data.indexOf(O,p+1))!==-1;)c.push({type:7,index:o}),p+=O.length-1}o++}}static createElement(e,t){let s=H.createElement("template");return s.innerHTML=e,s}};function D(n,e,t=n,s){if(e===I)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,o=ae(e)?void 0:e._$litDirective$;return i?.constructor!==o&&(i?._$AO?.(!1),o===void 0?i=void 0:(i=new o(n),i._$AT(n,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=D(n,i._$AS(n,e.values),i,s)),e}var _e=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??H).importNode(t,!0);z.currentNode=i;let o=z.nextNode(),r=0,l=0,c=s[0];for(;c!==void 0;){if(r===c.index){let h;c.type===2?h=new q(o,o.nextSibling,this,e):c.type===1?h=new c.ctor(o,c.name,c.strings,this,e):c.type===6&&(h=new Ae(o,this,e)),this._$AV.push(h),c=s[++l]}r!==c?.index&&(o=z.nextNode(),r++)}return z.currentNode=H,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},q=class n{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=d,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=D(this,e,t),ae(e)?e===d||e==null||e===""?(this._$AH!==d&&this._$AR(),this._$AH=d):e!==this._$AH&&e!==I&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Dt(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==d&&ae(this._$AH)?this._$AA.nextSibling.data=e:this.T(H.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=le.createElement(jt(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let o=new _e(i,this),r=o.u(this.options);o.p(t),this.T(r),this._$AH=o}}_$AC(e){let t=Ht.get(e.strings);return t===void 0&&Ht.set(e.strings,t=new le(e)),t}k(e){Ye(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let o of e)i===t.length?t.push(s=new n(this.O(re()),this.O(re()),this,this.options)):s=t[i],s._$AI(o),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=It(e).nextSibling;It(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},U=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,o){this.type=1,this._$AH=d,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=o,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=d}_$AI(e,t=this,s,i){let o=this.strings,r=!1;if(o===void 0)e=D(this,e,t,0),r=!ae(e)||e!==this._$AH&&e!==I,r&&(this._$AH=e);else{let l=e,c,h;for(e=o[0],c=0;c<o.length-1;c++)h=D(this,l[s+c],t,c),h===I&&(h=this._$AH[c]),r||=!ae(h)||h!==this._$AH[c],h===d?e=d:e!==d&&(e+=(h??"")+o[c+1]),this._$AH[c]=h}r&&!i&&this.j(e)}j(e){e===d?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},$e=class extends U{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===d?void 0:e}},ke=class extends U{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==d)}},xe=class extends U{constructor(e,t,s,i,o){super(e,t,s,i,o),this.type=5}_$AI(e,t=this){if((e=D(this,e,t,0)??d)===I)return;let s=this._$AH,i=e===d&&s!==d||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,o=e!==d&&(s===d||i);i&&this.element.removeEventListener(this.name,this,s),o&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Ae=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){D(this,e)}},Ft={M:qe,P:O,A:Ke,C:1,L:Wt,R:_e,D:Dt,V:D,I:q,H:U,N:ke,U:xe,B:$e,F:Ae},Ds=Ge.litHtmlPolyfillSupport;Ds?.(le,q),(Ge.litHtmlVersions??=[]).push("3.3.3");var Gt=(n,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let o=t?.renderBefore??null;s._$litPart$=i=new q(e.insertBefore(re(),o),o,void 0,t??{})}return i._$AI(n),i};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Ze=globalThis,A=class extends C{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Gt(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return I}};A._$litElement$=!0,A.finalized=!0,Ze.litElementHydrateSupport?.({LitElement:A});var Us=Ze.litElementPolyfillSupport;Us?.({LitElement:A});(Ze.litElementVersions??=[]).push("4.2.2");/**
 * @license
 * Copyright 2022 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var k="pihole_checkpoint";var Se=["lists","domains","clients","groups","dns_hosts","cnames","static_leases","settings","files","leases"],Xe=["enabled","disabled","added","removed","changed","comment","groups","order"];var Vs=30,js=["settings","dhcp_leases","groups","lists","domains","clients"],K=class{#e;#s;constructor(e,t){this.#e=e,this.#s=t}async#t(e,t={}){let s={config_entry_id:this.#s,...t};return(await this.#e.callService(k,e,s,void 0,!1,!0)).response}#i(e,t={}){return this.#e.callWS({type:`${k}/${e}`,config_entry_id:this.#s,...t})}async backUp(){await this.#t("backup")}async delete(e){await this.#t("delete",{backup_id:e})}async verify(e){let{backups:t}=await this.#t("verify",{backup_id:e.id});return t[0]??e}async update(e,t){await this.#t("update",{backup_id:e,...t})}compare(e,{backupId:t,entryId:s}){return this.#t("compare",{backup_id:e,...t&&{other_backup_id:t},...s&&{other_config_entry_id:s}})}plan(e){return this.#t("restore",{...qt(e),dry_run:!0})}restore(e,{plan:t,only:s,way:i,updateGravity:o}){return this.#t("restore",{...qt(e),plan:t,...s&&{only:s},...i&&{way:i},...o!==void 0&&{update_gravity:o}})}undoRestore(e){return this.#t("undo_restore",{config_entry_id:e})}changes(e){return this.#i("changes",{backup_id:e})}contents(e,t,s){return this.#i("contents",{backup_id:e,limit:s,...t&&{search:t}})}async backups(){return(await this.#i("backups",{limit:200})).backups}async download(e){let t=[this.#s,e.id].map(encodeURIComponent).join("/"),{path:s}=await this.#e.callWS({type:"auth/sign_path",path:`/api/${k}/${t}`,expires:Vs}),i=document.createElement("a");i.href=this.#e.hassUrl?.(s)??s,i.download=e.filename,i.hidden=!0,document.body.append(i),i.click(),i.remove()}async upload(e){let t=new FormData;t.append("file",e);let s=await this.#e.fetchWithAuth("/api/file_upload",{method:"POST",body:t});if(!s.ok)throw new Error(`HTTP ${s.status}`);let{file_id:i}=await s.json();return this.#t("upload",{file:i})}};function qt({source:n,backupId:e,target:t,isWhole:s=!1}){let i=n!==t;return{config_entry_id:t,backup_id:e,...i&&{source_config_entry_id:n},...!s&&{include:js},...!s&&i&&{settings:["*"]}}}async function Re(n){return(await n.callWS({type:`${k}/piholes`})).piholes}async function Kt(n){return(await n.callWS({type:`${k}/differences`})).piholes}function Ee(){return document.querySelector("home-assistant")?.hass}var Ws=1e3;async function Yt(n,e){let t=await window.loadCardHelpers?.(),s=new Promise(o=>{window.addEventListener("dialog-closed",()=>o(),{once:!0})}),i=await t?.showConfirmationDialog(n,e)??!1;return await Promise.race([s,new Promise(o=>setTimeout(o,Ws))]),i}var Fs=[[60,1,"second"],[3600,60,"minute"],[86400,3600,"hour"],[2592e3,86400,"day"],[31536e3,2592e3,"month"]],Gs=[1/0,365*86400,"year"],Jt=["B","kilobyte","megabyte","gigabyte","terabyte"],qs=5,Qe=new Map;function Y(n,e){return Qe.has(n)||Qe.set(n,e()),Qe.get(n)}var Pe=class{locale;#e={};constructor(e){this.locale=Ks(e.locale?.language??e.language);let t=e.locale?.time_format;(t==="12"||t==="24")&&(this.#e.hour12=t==="12");let s=e.config?.time_zone;e.locale?.time_zone==="server"&&s&&(this.#e.timeZone=s)}time(e){let t={dateStyle:"medium",timeStyle:"short",...this.#e},s=`time ${this.locale} ${JSON.stringify(t)}`;return Y(s,()=>new Intl.DateTimeFormat(this.locale,t)).format(new Date(e))}relative(e,t=Date.now()){let s=(new Date(e).getTime()-t)/1e3,[,i,o]=Fs.find(([c])=>Math.abs(s)<c)??Gs,r=Math.abs(s)<qs?0:Math.trunc(s/i);return Y(`relative ${this.locale}`,()=>new Intl.RelativeTimeFormat(this.locale,{numeric:"auto"})).format(r,o)}relativeAlone(e,t=Date.now()){return this.begin(this.relative(e,t))}begin(e){return e.charAt(0).toLocaleUpperCase(this.locale)+e.slice(1)}number(e){return Y(`number ${this.locale}`,()=>new Intl.NumberFormat(this.locale)).format(e)}size(e){let t=e,s=0;for(;t>=999.5&&s<Jt.length-1;)t/=1e3,s+=1;if(s===0)return`${this.number(t)} B`;let i={style:"unit",unit:Jt[s]??"terabyte",unitDisplay:"short",maximumFractionDigits:t<100?1:0},o=`size ${this.locale} ${JSON.stringify(i)}`;return Y(o,()=>new Intl.NumberFormat(this.locale,i)).format(t)}plural(e){return Y(`plural ${this.locale}`,()=>new Intl.PluralRules(this.locale)).select(e)}join(e){let t={type:"unit",style:"short"};return Y(`list ${this.locale}`,()=>new Intl.ListFormat(this.locale,t)).format(e)}};function Ks(n){try{return Intl.getCanonicalLocales(n)[0]??"en"}catch{return"en"}}var Zt=3,Ys=/[\u202a-\u202e\u2066-\u2069]/g,ce=class{format;#e;hass;constructor(e,t=e.localize){this.hass=e,this.#e=t,this.format=new Pe(e)}say(e,t={}){return this.find(e,t)??e}find(e,t={}){return this.#e(`component.${k}.common.${e}`,t)||void 0}count(e,t,s={}){let i={...s,count:this.format.number(t)};return this.find(`${e}_${this.format.plural(t)}`,i)??this.say(`${e}_other`,i)}stage(e){if(!e?.stage)return null;let t=Number(e.progress);return e.stage==="exporting"&&t>0?this.say("stage_exporting_size",{size:this.format.size(t)}):this.find(`stage_${e.stage}`)??e.stage}trigger(e){return this.find(`trigger_${e}`)??e}async error(e){if(et(e))return this.say("error_connection");let t=e??{},{translation_domain:s,translation_key:i}=t;if(s&&i){let o=await this.#s(s,i,t.translation_placeholders??{});if(o)return o}return t.message??t.error?.message??this.say("error_unknown")}async remarks(e,t){return e.length?Promise.all(e.map(async({key:s,placeholders:i},o)=>await this.#s(k,s,i)??t[o]??s)):[...t]}async#s(e,t,s){try{return(await this.hass.loadBackendTranslation("exceptions",e))(`component.${e}.exceptions.${t}.message`,s)||void 0}catch{return}}};function et(n){return n===Zt||n?.error?.code===Zt}async function de(n){try{return new ce(n,await n.loadBackendTranslation("common",k))}catch{return new ce(n)}}function pe(){let n=Ee();return n?new ce(n):null}function _(n){return(n??"").replace(Ys,"�")}var J="pihole-checkpoint-card",V={min:1,max:100,usual:5},tt=["default","compact"];function Qt(n){let{config_entry_id:e,title:t,rows:s=V.usual,layout:i="default"}=n;if(!Xt(e)&&typeof e!="string")throw Ce("error_entry");if(!Xt(t)&&typeof t!="string")throw Ce("error_title");if(typeof s!="number"||!Number.isInteger(s)||s<V.min||s>V.max)throw Ce("error_rows",V);let o=tt.find(r=>r===i);if(!o)throw Ce("error_layout",{names:tt.join(", ")});return{entryId:typeof e=="string"&&e||null,title:typeof t=="string"?t:"",rows:s,layout:o}}function Xt(n){return n==null}function Ce(n,e={}){return new Error(pe()?.say(n,e)??n)}async function es(){let n=pe();n&&await de(n.hass);let e=i=>n?.say(i)??i,t={config_entry_id:"option_pihole",title:"option_title",rows:"option_rows",layout:"option_layout"},s=tt.map(i=>({value:i,label:e(`layout_${i}`)}));return{schema:[{name:"config_entry_id",selector:{config_entry:{integration:k}}},{name:"title",selector:{text:{}}},{name:"layout",default:"default",selector:{select:{options:s}}},{name:"rows",default:V.usual,selector:{number:{min:V.min,max:V.max,mode:"box"}}}],computeLabel:({name:i})=>e(t[i]??i)}}function ts(){return{}}function ss(n,e){let t=n.entities?.[e];if(t?.platform!==k)return null;let s=n.devices?.[t.device_id??""],i=s?.primary_config_entry??s?.config_entries?.[0];return{config:{type:`custom:${J}`,...i&&{config_entry_id:i}}}}var $=f`
  :host {
    --pc-text: var(--primary-text-color, #141414);
    --pc-faint: var(--secondary-text-color, #5e5e5e);
    --pc-surface: var(--ha-card-background, var(--card-background-color, #fff));
    --pc-line: var(--divider-color, #e0e0e0);
    --pc-accent: var(--primary-color, #009ac7);
    --pc-good: var(--success-color, #43a047);
    --pc-warn: var(--warning-color, #ffa600);
    --pc-bad: var(--error-color, #db4437);
    /* Inks can be read on the surface; pure accents of many themes cannot. */
    --pc-accent-ink: color-mix(in srgb, var(--pc-accent) 55%, var(--pc-text));
    --pc-good-ink: color-mix(in srgb, var(--pc-good) 55%, var(--pc-text));
    --pc-warn-ink: color-mix(in srgb, var(--pc-warn) 40%, var(--pc-text));
    --pc-bad-ink: color-mix(in srgb, var(--pc-bad) 60%, var(--pc-text));
    --pc-hover: color-mix(in srgb, var(--pc-text) 5%, transparent);
    --pc-round: var(--ha-border-radius-md, 8px);
    --pc-pad: 16px;
    display: block;
    color: var(--pc-text);
    font-family: var(--ha-font-family-body, Roboto, sans-serif);
    font-size: 14px;
    line-height: 1.45;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--pc-accent-ink);
    outline-offset: 2px;
  }
  .faint {
    color: var(--pc-faint);
  }
  .bad {
    color: var(--pc-bad-ink);
  }
  .warn {
    color: var(--pc-warn-ink);
  }
  .good {
    color: var(--pc-good-ink);
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .outside {
    unicode-bidi: isolate;
    overflow-wrap: anywhere;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    display: inline-flex;
  }
  .spinner {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
    box-sizing: border-box;
    display: inline-block;
    border: 2px solid currentcolor;
    border-block-start-color: transparent;
    border-radius: 50%;
    animation: spin 0.9s linear infinite;
  }
  @keyframes spin {
    to {
      rotate: 1turn;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation-duration: 6s;
    }
  }
`,is=f`
  select,
  input[type="search"],
  textarea {
    font: inherit;
    color: inherit;
    inline-size: 100%;
    box-sizing: border-box;
    padding: 10px 12px;
    border: 1px solid var(--pc-faint);
    border-radius: var(--pc-round);
    background-color: var(--card-background-color, #fff);
  }
  textarea {
    resize: vertical;
    min-block-size: 64px;
  }
  .field {
    display: grid;
    gap: 6px;
    margin-block: 12px;
    font-weight: 500;
  }
  input[type="checkbox"],
  input[type="radio"] {
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    flex: none;
    accent-color: var(--pc-accent);
  }
`;var S=class extends A{static properties={view:{attribute:!1}};static styles=[$]};function w(n,e){customElements.get(n)||customElements.define(n,e)}function x(n){return a`<bdi class="outside">${_(n??"")}</bdi>`}function v(n,e=""){return a`<ha-icon class=${e} icon="mdi:${n}" aria-hidden="true"></ha-icon>`}function R(){return a`<span class="spinner" aria-hidden="true"></span>`}function Oe(n,e){return n?e():d}function b(n,e,t={}){let{looks:s="plain",iconName:i,isBusy:o=!1,isOff:r=!1,name:l=""}=t,c=o?R():i?v(i):null,h=()=>{!o&&!r&&e()};return a`<ha-button
    class=${`button ${l}`}
    appearance=${s==="filled"?"accent":"plain"}
    variant=${s==="danger"?"danger":"brand"}
    ?disabled=${r}
    data-busy=${String(o)}
    @click=${h}
    >${c?a`<span slot="start" class="button-start">${c}</span>`:""}${n}</ha-button
  >`}var Js="block",ns=200;function L(n,e){let t=[...e].sort(ei).map(({subject:s,change:i,count:o})=>i==="order"?n.say(`change_${s}_order`):n.count(`change_${s}_${i}`,o));return n.format.begin(n.format.join(t))}function Ie(n,e){switch(e.compared){case"first":return n.say("changes_first");case"same":return n.say("changes_none");case"different":return L(n,e.headline??[]);default:return n.say("changes_unknown")}}function Le(n,e){return Se.flatMap(t=>[...Map.groupBy(e[t]??[],({item:i,kind:o,change:r})=>JSON.stringify([i,o??"",Qs(r)?r:"changed"])).values()].flatMap(i=>i[0]?[Zs(n,t,i[0],i)]:[]))}function Zs(n,e,t,s){return{subject:e,name:t.item,kind:t.kind??"",how:s.length>1?"changed":t.change,details:s.length===1&&Xs(t.change)?[]:s.flatMap(i=>as(n,e,i))}}function he(n,e){let t=e.details.flatMap(s=>as(n,e.subject,s));return{subject:e.subject,name:e.item,kind:e.kind,how:e.change,details:t}}function rs(n,e){if(e.subject==="settings")return[j(n,e.value??null)];let t=[st(n,e.kind??"")];return e.enabled===!1&&t.push(n.say("detail_disabled")),e.comment&&t.push(e.comment),e.groups?.length&&t.push(n.say("in_groups",{groups:j(n,e.groups)})),t.filter(Boolean).map(_)}function Z(n,e){return _(e.name)||n.say(`subject_${e.subject}`)}function st(n,e){return e&&e!==Js?_(n.find(`kind_${e}`)??e):""}function Xs(n){return n==="enabled"||n==="disabled"}function Qs(n){return n==="added"||n==="removed"||n==="order"}function as(n,e,t){let{change:s,old:i=null,new:o=null}=t;switch(s){case"enabled":case"disabled":return[n.say(`detail_${s}`)];case"groups":return[n.say("detail_groups",{groups:j(n,o)})];case"comment":{if(e==="clients"&&(i===null||o===null))return[j(n,o??i)];let r=e==="groups"?"label_description":"label_comment";return[n.say("item_with_details",{item:n.say(r),details:os(n,i,o)})]}case"changed":return e!=="settings"||i===null&&o===null?[]:[os(n,i,o)];case"added":case"removed":{let r=o??i;return r===null?[]:[j(n,r)]}default:return[]}}function os(n,e,t){return n.say("from_to",{old:j(n,e),new:j(n,t)})}function j(n,e){if(e===null||e===""||Array.isArray(e)&&!e.length)return n.say("value_nothing");if(typeof e=="boolean")return n.say(e?"value_on":"value_off");let t=_(Array.isArray(e)?e.map(String).join(", "):String(e));return t.length>ns?`${t.slice(0,ns-1)}…`:t}function ei(n,e){return Se.indexOf(n.subject)-Se.indexOf(e.subject)||Xe.indexOf(n.change)-Xe.indexOf(e.change)}var ls="–",W=a`<svg class="logo" viewBox="0 0 256 256" aria-hidden="true">
  ${Vt`<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-way)">
    <path stroke-width="30" d="M41 120A98 98 0 1 1 74 202" />
    <path stroke-width="16" fill="var(--pc-way)" d="M12 120H70L41 160Z" />
  </g>
  <g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-flag)">
    <path stroke-width="22" d="M111 74V186" />
    <path stroke-width="18" fill="var(--pc-flag)" d="M113 76L194 108L113 140Z" />
  </g>`}
</svg>`,nt=class extends S{static properties={...S.properties,isPressed:{type:Boolean}};static styles=[$,f`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 12px;
        padding: var(--pc-pad) var(--pc-pad) 0;
      }
      .logo {
        inline-size: 40px;
        block-size: 40px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      .who {
        flex: 1 1 180px;
        min-inline-size: 0;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .where {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        color: var(--pc-faint);
      }
      .reach {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .dot {
        inline-size: 9px;
        block-size: 9px;
        border-radius: 50%;
        background: var(--pc-good);
      }
      .reach[data-reachable="false"] {
        color: var(--pc-bad-ink);
      }
      .reach[data-reachable="false"] .dot {
        background: var(--pc-bad);
        border-radius: 2px;
        rotate: 45deg;
      }
      a {
        color: inherit;
        overflow-wrap: anywhere;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .notices:not(:empty) {
        display: grid;
        gap: 8px;
        padding: 12px var(--pc-pad) 0;
      }
      .notice {
        display: flex;
        gap: 10px;
        padding: 10px 12px;
        border-radius: var(--pc-round);
        overflow-wrap: anywhere;
      }
      .notice.warning {
        background: color-mix(in srgb, var(--pc-warn) 14%, transparent);
      }
      .notice.error {
        background: color-mix(in srgb, var(--pc-bad) 12%, transparent);
      }
      dl {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 8px;
        margin: 0;
        padding: 14px var(--pc-pad) 0;
      }
      .fact {
        padding: 8px 12px;
        border-radius: var(--pc-round);
        background: var(--pc-hover);
        min-inline-size: 0;
      }
      dt,
      .more {
        color: var(--pc-faint);
        font-size: 12px;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      .value {
        font-size: 16px;
        font-weight: 500;
      }
      @container card (width < 480px) {
        dl {
          grid-template-columns: 1fr 1fr;
        }
        .last-backup {
          grid-column: 1 / -1;
        }
        .backup-now {
          flex: 1 1 auto;
        }
      }
    `];render(){let{words:e,title:t,feed:s}=this.view,{pihole:i}=s;return a`
      <div class="head">
        ${W}
        <div class="who">
          <h2 dir="auto">${t||e.say("card_name")}</h2>
          ${Oe(i,()=>i?this.#s(i):"")}
        </div>
        ${Oe(i,()=>ot(this.view,this.isPressed,()=>this.#e()))}
      </div>
      <div class="notices">${rt(this.view).map(ti)}</div>
      ${Oe(i,()=>i?this.#t(i):"")}
    `}#e(){this.dispatchEvent(new CustomEvent("back-up",{bubbles:!0,composed:!0}))}#s(e){let{words:t}=this.view,s=si(e.url),i=s?s.host+s.pathname.replace(/\/$/,""):e.url;return a`<div class="where">
      <span class="reach" data-reachable=${String(e.reachable)}
        ><span class="dot"></span>${t.say(e.reachable?"reachable":"unreachable")}</span
      >${s?a`<a
              class="address"
              dir="ltr"
              target="_blank"
              rel="noreferrer"
              title=${t.say("open_pihole")}
              href=${`${s.href.replace(/\/$/,"")}/admin/`}
              >${i}</a
            >`:a`<span class="address">${x(i)}</span>`}
    </div>`}#t(e){let{words:t}=this.view,{format:s}=t,i=e.count!==null,o=e.last_change,r=e.last_backup,l=e.next_run,c=e.free_space;return a`<dl>
      ${it("last-backup",t.say("last_backup"),r?s.relativeAlone(r):i?t.say("never"):ls,o?t.say("last_change",{ago:s.relative(o.at)}):"",o?L(t,o.headline??[]):"")}
      ${it("next-backup",t.say("next_backup"),l?s.relativeAlone(l):t.say("not_scheduled"),l?s.time(l):"")}
      ${it("storage",t.say("storage"),i?s.size(e.storage_used??0):ls,c===null?"":t.say("storage_free",{size:s.size(c)}))}
    </dl>`}};function it(n,e,t,s,i=""){return a`<div class=${`fact ${n}`}>
    <dt>${e}</dt>
    <dd class="value">${t}</dd>
    ${s?a`<dd class="more" title=${i||d}>${s}</dd>`:d}
  </div>`}function ot({words:n,feed:e,isReady:t},s,i){let{pihole:o}=e,r=s||(o?.running??!1),l=n.stage(o)??(r?n.say("stage_starting"):null);return b(l??n.say("backup_now"),i,{looks:"filled",iconName:"backup-restore",isBusy:l!==null,isOff:!t,name:"backup-now"})}function ti({kind:n,text:e,reason:t}){return a`<div class=${`notice ${n}`}>
    ${v("alert-circle-outline",n==="error"?"bad":"warn")}
    <div>${e}${t?a`<div class="reason">${x(t)}</div>`:d}</div>
  </div>`}function rt({words:n,feed:e,problem:t}){let{pihole:s,phase:i}=e;if(!s)return[];if(!e.online)return[{kind:"warning",text:n.say("offline")}];if(i==="unloaded")return[{kind:"warning",text:n.say("not_loaded")}];if(i==="failed")return[{kind:"error",text:n.say("load_failed",{reason:t})}];let o=[];if(s.available||o.push({kind:"error",text:n.say("unavailable"),reason:s.storage_message}),s.attempt?.result==="failed"){let{at:r,message:l}=s.attempt,c=n.say("last_failed",{ago:n.format.relative(r)});o.push({kind:"error",text:c,reason:l})}return s.overdue&&o.push({kind:"warning",text:n.say("overdue")}),o}function si(n){let e=URL.parse(n);return e&&["http:","https:"].includes(e.protocol)?e:null}w("pihole-checkpoint-header",nt);var Me=class{#e;#s;constructor(e){this.#e=e}watch(e){if(!e?.running){this.forget();return}let{deadline:t}=e;this.#s!==void 0||!t||(this.#s=setTimeout(()=>this.#e(t),(t+1)*1e3))}forget(){clearTimeout(this.#s),this.#s=void 0}};var cs=f`
  dialog {
    inline-size: min(620px, calc(100vw - 24px));
    max-block-size: min(820px, calc(100dvh - 24px));
    padding: 0;
    border: 0;
    box-sizing: border-box;
    overflow: hidden;
    color: var(--pc-text);
    background: var(--ha-dialog-surface-background, var(--card-background-color, #fff));
    border-radius: var(--ha-dialog-border-radius, 20px);
    box-shadow: 0 12px 48px rgb(0 0 0 / 36%);
    outline: 1px solid transparent; /* seen with forced colors, which drop shadows */
  }
  dialog[open] {
    display: grid;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  .box {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    max-block-size: inherit;
    padding: 20px 0 14px;
    box-sizing: border-box;
  }
  .box > * {
    padding-inline: 24px;
  }
  .title {
    display: flex;
    align-items: start;
    gap: 8px;
  }
  h2 {
    flex: 1;
    margin: 0;
    font-size: 20px;
    font-weight: 500;
    line-height: 1.3;
    outline: none;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 16px 0 4px;
    font-size: 14px;
    font-weight: 500;
  }
  .about {
    margin: 2px 0 0;
    color: var(--pc-faint);
    overflow-wrap: anywhere;
  }
  .body {
    overflow: auto;
    min-block-size: 0;
    padding-block: 4px;
    overflow-wrap: anywhere;
  }
  .body p {
    margin: 8px 0;
  }
  .state {
    display: flex;
    gap: 8px;
    align-items: start;
    margin: 8px 0;
  }
  .state .spinner {
    margin: 2px;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    padding-block-start: 12px;
  }
`;var T=class extends S{static properties={...S.properties,busy:{state:!0},problem:{state:!0}};static styles=[$,is,cs];constructor(){super(),this.busy=null,this.problem=null}about(){return""}isKept(){return!1}render(){let e=this.about();return a`<dialog
      aria-labelledby="heading"
      aria-busy=${String(this.busy!==null)}
      @close=${()=>this.#s()}
      @click=${t=>this.#t(t)}
      @keydown=${ii}
    >
      <div class="box">
        <div class="title"><h2 id="heading" tabindex="-1">${this.heading()}</h2></div>
        ${e?a`<div class="about">${e}</div>`:d}
        <div class="body" role="group" aria-labelledby="heading" tabindex="0">${this.body()}</div>
        <div class="status" role="status">${this.#e()}</div>
        <div class="buttons">${this.buttons()}</div>
      </div>
    </dialog>`}#e(){return this.busy!==null?a`<div class="state">${R()}<span>${this.busy}</span></div>`:this.problem===null?d:a`<div class="state bad">
      ${v("alert-circle-outline")}<span>${x(this.problem)}</span>
    </div>`}firstUpdated(e){this.dialog?.showModal(),this.focusHeading()}get dialog(){return this.renderRoot.querySelector("dialog")}focusHeading(){this.renderRoot.querySelector("h2")?.focus({preventScroll:!0})}close(){this.dialog?.close()}#s(){this.dispatchEvent(new CustomEvent("checkpoint-closed"))}#t(e){let{dialog:t}=this;if(!t||e.target!==t||this.isKept())return;let{left:s,right:i,top:o,bottom:r}=t.getBoundingClientRect(),{clientX:l,clientY:c}=e;(l<s||l>i||c<o||c>r)&&this.close()}async attempt(e,t){if(this.busy===null){this.busy=e,this.problem=null;try{await t()}catch(s){this.problem=await this.view.words.error(s)}finally{this.busy=null}}}};function ii(n){n.key.length===1&&n.stopPropagation()}var ni={added:"plus",removed:"minus"},X=f`
  .group {
    margin-block: 12px 4px;
    display: flex;
    align-items: center;
    gap: 12px;
    font-weight: 500;
  }
  .lines {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .line {
    display: flex;
    align-items: start;
    gap: 12px;
    padding-block: 6px;
  }
  .line ha-icon {
    --mdc-icon-size: 18px;
    inline-size: 18px;
    block-size: 18px;
    margin-block-start: 1px;
    color: var(--pc-faint);
  }
  .line input {
    margin-block-start: 1px;
  }
  .what {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .what .faint {
    display: block;
    font-size: 13px;
  }
`;function P(n,e,t,{before:s=()=>d,counts:i={}}={}){return[...Map.groupBy(e,({subject:r})=>r)].map(([r,l])=>{let c=n.say(`subject_${r}`),h=n.format.number(i[r]??l.length);return a`<div class="group">
        ${s(l,c)}<span>${c} <span class="faint">${h}</span></span>
      </div>
      <ul class="lines" aria-label=${c}>
        ${l.map(u=>a`<li class="line">${t(u)}</li>`)}
      </ul>`})}function F(n,e){return e.length?a`<p class="faint">${n.say("and_more",{what:L(n,e)})}</p>`:d}function Q(n,e,t=d){return a`${v(ni[e.how]??"pencil-outline")}
    <div class="what">
      <bdi>${Z(n,e)}</bdi>
      <span class="faint">${ue(n,e,`was_${e.how}`)}</span>
    </div>
    ${t}`}function ue(n,e,t){return[st(n,e.kind),n.say(t),...e.details].filter(Boolean).join(" · ")}var G="live",ds=40,at=class extends T{static properties={...T.properties,backup:{attribute:!1},backups:{state:!0},piholes:{state:!0},choice:{state:!0},result:{state:!0}};static styles=[...T.styles,X,f`
      .bring-back {
        flex: none;
      }
    `];constructor(){super(),this.backups=[],this.piholes=[],this.choice=G,this.result=null}firstUpdated(e){super.firstUpdated(e),this.#e()}async#e(){let{actions:e,words:t,feed:s}=this.view;await this.attempt(t.say("comparing"),async()=>{let[i,o]=await Promise.all([e.backups(),this.view.piholes()]);this.backups=i.filter(({id:r,status:l})=>r!==this.backup.id&&l==="good"),this.piholes=o.filter(({config_entry_id:r})=>r!==s.entryId),this.choice=this.backups.find(r=>li(r,this.backup))?.id??G}),this.problem||await this.#s()}async#s(){let{actions:e,words:t}=this.view,{choice:s}=this;this.result=null,await this.attempt(t.say("comparing"),async()=>{this.result=await e.compare(this.backup.id,oi(s))}),this.choice!==s&&await this.#s()}heading(){return this.view.words.say("compare_title")}about(){let{words:e}=this.view;return e.say("backup_of",{time:e.format.time(this.backup.created_at)})}body(){let{words:e}=this.view;return a`<label class="field"
        >${e.say("compare_with")}
        <select @change=${t=>this.#n(t)}>
          <option value=${G} ?selected=${this.choice===G}>
            ${e.say("compare_live")}
          </option>
          ${this.backups.map(t=>a`<option value=${t.id} ?selected=${t.id===this.choice}>
                ${this.#o(t)}
              </option>`)}
          ${this.piholes.map(({config_entry_id:t,title:s})=>{let i=`pihole:${t}`;return a`<option value=${i} ?selected=${i===this.choice}>
              ${e.say("compare_pihole",{name:_(s)})}
            </option>`})}
        </select>
      </label>
      <div class="result">${this.result?this.#t(this.result):d}</div>`}#t(e){let{words:t,isReady:s}=this.view,i=Le(t,e.changes);if(!i.length)return a`<p class="same">${t.say("compare_same")}</p>`;let o=this.#i(e),r=l=>o&&ai(l)?b(t.say("bring_back"),()=>this.view.open({kind:"restore",backup:o,wanted:{subject:l.subject,name:l.name,kind:l.kind}}),{isOff:!s,name:"bring-back"}):d;return a`<p class="faint">${t.say(ri(this.choice))}</p>
      ${P(t,i,l=>Q(t,l,r(l)))}`}#i({from:e,to:t}){if(this.choice===G)return this.backup;if(e.config_entry_id!==t.config_entry_id)return null;let s=i=>this.backups.find(o=>o.id===i);return e.backup_id===this.backup.id?this.backup:s(e.backup_id)??null}buttons(){return b(this.view.words.say("close"),()=>this.close())}#n(e){this.choice=e.target.value,this.busy===null&&this.#s()}#o({created_at:e,note:t,trigger:s}){let{words:i}=this.view,o=_(t??"")||i.trigger(s),r=o.length>ds?`${o.slice(0,ds-1)}…`:o;return`${i.format.time(e)} · ${r}`}};function oi(n){return n===G?{}:n.startsWith("pihole:")?{entryId:n.slice(7)}:{backupId:n}}function ri(n){return n===G?"compare_hint_live":n.startsWith("pihole:")?"compare_hint_pihole":"compare_hint_other"}function ai({subject:n}){return n!=="files"}function li(n,e){return Date.parse(n.created_at)<Date.parse(e.created_at)}w("pihole-checkpoint-compare",at);var ps=50,lt=200,di=250,ct=class extends T{static properties={...T.properties,backup:{attribute:!1},changes:{state:!0},contents:{state:!0},limit:{state:!0},isLoading:{state:!0}};static styles=[...T.styles,X,f`
      .do {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        margin-block: 8px;
        margin-inline-start: -8px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(72px, auto) 1fr;
        gap: 4px 16px;
        margin: 8px 0;
      }
      dt {
        color: var(--pc-faint);
      }
      dd {
        margin: 0;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .mono {
        font-family: var(--ha-font-family-code, monospace);
        font-size: 12px;
      }
      .counts {
        margin: 8px 0;
      }
      .save-note {
        justify-self: end;
      }
    `];#e="";#s;#t=null;constructor(){super(),this.changes=null,this.contents=null,this.limit=ps,this.isLoading=!0}get#i(){return this.view.feed.find(this.backup.id)??this.backup}get#n(){return this.#t!==null&&this.#t!==(this.#i.note??"")}isKept(){return this.#n}firstUpdated(e){super.firstUpdated(e),this.view.isAdmin&&this.#o()}async#o(){try{this.changes=await this.view.actions.changes(this.backup.id),this.backup.status==="good"&&await this.#a()}catch(e){this.problem=await this.view.words.error(e)}this.isLoading=!1}async#a(){let[e,t]=[this.#e,this.limit],s=await this.view.actions.contents(this.backup.id,e,t);e===this.#e&&t===this.limit&&(this.contents=s)}heading(){return Ie(this.view.words,this.#i)}about(){let{format:e}=this.view.words,t=this.backup.created_at;return`${e.time(t)} · ${e.relative(t)}`}body(){let{isAdmin:e}=this.view;return a`${e?this.#r():d} ${this.#l()} ${this.#u()}
    ${e?a`${this.#m()} ${this.#c()}`:d}`}buttons(){return b(this.view.words.say("close"),()=>this.close())}#r(){let{words:e,isReady:t}=this.view,s=this.#i,i=(r,l,c,h=!0)=>h?b(e.say(r),c,{iconName:l,isOff:!t,name:`act-${r}`}):d,o=s.status==="good";return a`<div class="do">
      ${i("restore","backup-restore",()=>this.view.open({kind:"restore",backup:s}),o)}
      ${i("compare","compare",()=>this.view.open({kind:"compare",backup:s}),o)}
      ${i("download","download",()=>{this.#y()},s.status!=="missing")}
      ${i(s.pinned?"unpin":"pin",s.pinned?"pin-off":"pin",()=>{this.#v()})}
      ${i("verify","shield-check-outline",()=>{this.#f()})}
      ${i("copy_id","content-copy",()=>{this.#h()})}
      ${i("delete","delete-outline",()=>{this.#w()})}
    </div>`}#l(){let{words:e}=this.view;if(!this.changes)return d;let{changes:t,left_out:s}=this.changes,i=Le(e,t);return i.length?a`<h3>${e.say("details_changes")}</h3>
      ${P(e,i,o=>Q(e,o))}
      ${F(e,s)}`:d}#u(){let{words:e}=this.view,t=this.#i,s=(i,o)=>a`<dt>${e.say(i)}</dt>
        <dd>${o}</dd>`;return a`<dl>
      ${t.status==="good"?d:s("column_status",a`<span class="bad">${e.say(`status_${t.status}`)}</span>`)}
      ${s("column_trigger",e.trigger(t.trigger))}
      ${t.confirmed_at?s("confirmed",e.format.time(t.confirmed_at)):d}
      ${s("column_filename",x(t.filename))}
      ${s("column_size",e.format.size(t.file_size))}
      ${s("checksum",a`<span class="mono">${t.sha256}</span>`)}
      ${s("backup_id",a`<span class="mono id">${t.id}</span>`)}
      ${t.note&&!this.view.isAdmin?s("note_title",x(t.note)):d}
    </dl>`}#m(){let{words:e,isReady:t}=this.view,{note:s}=this.#i,i=o=>{this.#t=o.target.value,this.requestUpdate()};return a`<label class="field"
        >${e.say("note_title")}
        <textarea
          rows="2"
          maxlength=${2e3}
          dir="auto"
          .value=${this.#t??s??""}
          placeholder=${e.say("note_label")}
          @input=${i}
        ></textarea>
      </label>
      ${this.#n?b(e.say("save"),()=>{this.#b()},{looks:"filled",isOff:!t,name:"save-note"}):d}`}#c(){let{words:e}=this.view,{contents:t}=this;if(!t)return this.isLoading?a`<p class="state">${R()}<span>${e.say("loading_details")}</span></p>`:d;let s=Object.entries(t.counts).filter(([,o])=>o>0).map(([o,r])=>e.count(`count_${o}`,r)),i=Object.values(t.found).reduce((o,r)=>o+r,0);return a`<h3>${e.say("column_contents")}</h3>
      <p class="counts faint">${e.format.join(s)}</p>
      <input
        type="search"
        aria-label=${e.say("search_contents")}
        placeholder=${e.say("search_contents")}
        @input=${o=>this.#d(o.target.value)}
      />
      <div class="found" aria-live="polite">
        ${i===0?a`<p class="faint">${e.say("nothing_found")}</p>`:d}
        ${P(e,t.items,o=>a`<div class="what">
              <bdi>${Z(e,{subject:o.subject,name:o.item})}</bdi>
              <span class="faint">${rs(e,o).join(" · ")}</span>
            </div>`,{counts:t.found})}
        ${i>t.items.length&&this.limit<lt?b(e.say("show_more"),()=>{this.limit=lt,this.#p()}):d}
        ${i>t.items.length&&this.limit>=lt?a`<p class="faint">
                ${e.say("shown_of",{shown:e.format.number(t.items.length),total:e.format.number(i)})}
              </p>`:d}
      </div>`}#d(e){this.#e=e.trim(),this.limit=ps,clearTimeout(this.#s),this.#s=setTimeout(()=>{this.#p()},di)}async#p(){try{await this.#a()}catch(e){this.problem=await this.view.words.error(e)}}async#y(){await this.#g(()=>this.view.actions.download(this.backup))}async#v(){let{actions:e,words:t,toast:s}=this.view,i=!this.#i.pinned;await this.#g(async()=>{await e.update(this.backup.id,{pinned:i}),s(t.say(i?"toast_pinned":"toast_unpinned"),{id:"pin"})})}async#f(){let{actions:e,words:t,toast:s}=this.view;await this.#g(async()=>{let o=(await e.verify(this.backup)).status==="good";s(t.say(o?"toast_verified":"toast_not_verified"),{id:`verified-${this.backup.id}`,isFailure:!o})})}async#h(){let{words:e,toast:t}=this.view;try{await navigator.clipboard.writeText(this.backup.id),t(e.say("toast_copied"),{id:"copied"})}catch{let s=this.renderRoot.querySelector(".id");if(!s)return;s.scrollIntoView({block:"nearest"}),getSelection()?.selectAllChildren(s)}}async#b(){let{actions:e,words:t,toast:s}=this.view,i=this.#t?.trim()??"";await this.#g(async()=>{await e.update(this.backup.id,{note:i}),this.#t=null,s(t.say("toast_noted"),{id:"note"})})}async#w(){let{actions:e,words:t,toast:s,feed:i}=this.view,o=this.#i,r=i.pihole?.count===1&&o.status==="good",l=[t.say("delete_text"),o.pinned?t.say("delete_pinned"):"",r?t.say("delete_last"):""];await Yt(this,{title:t.say("delete_title"),text:l.filter(Boolean).join(" "),confirmText:t.say("delete_now"),dismissText:t.say("cancel"),destructive:!0})&&await this.#g(async()=>{await e.delete(o.id),this.close(),s(t.say("toast_deleted",{time:t.format.time(o.created_at)}),{id:`deleted-${o.id}`})})}#g(e){return this.attempt(this.view.words.say("one_moment"),e)}};w("pihole-checkpoint-details",ct);var pi="permission",hi="restart",ui="gravity";var mi=new Set(["remark_forced_settings","remark_unknown_settings","remark_read_only","remark_own_settings","remark_machine_settings","remark_locking_settings","remark_app_sudo_stays","remark_kept_groups","remark_default_group","remark_brought_groups","remark_refused","remark_gravity_complained"]);function fe({needs:n}){return!n.includes(pi)}function hs(n,{isElsewhere:e,wanted:t}){let s=t?i=>i.subject===t.subject&&i.item===t.name&&i.kind===t.kind:i=>i.subject!=="leases"&&!(e&&i.of_machine);return new Set(n.filter(i=>fe(i)&&s(i)).map(({id:i})=>i))}function dt(n,e,t=!1){if(t)return n.ways.length>1?n.ways.map(({way:i})=>i):[];let s=n.ways.some(({way:i})=>i==="import");return e.size<=150||!s||pt(n.items,e)?[]:e.size>200?["import","live"]:["live","import"]}function us({key:n}){return!mi.has(n)}function pt(n,e){return n.some(({id:t,needs:s})=>e.has(t)&&s.includes(hi))}function ht(n,e){return n.some(({id:t,needs:s})=>e.has(t)&&s.includes(ui))}function ms({items:n,more_items:e=[]}){let t=n.filter(({outcome:s})=>s==="done").length;return e.reduce((s,{outcome:i,count:o})=>s+(i==="done"?o:0),t)}function ut({items:n,more_items:e=[]}){let t=new Map,s=[...n.map(({subject:i,change:o})=>({subject:i,change:o,count:1})),...e];for(let{subject:i,change:o,count:r}of s){let l=`${i} ${o}`,c=t.get(l)?.count??0;t.set(l,{subject:i,change:o,count:c+r})}return[...t.values()]}var me=["check","back_up","apply","verify"],fi={storing:"back_up",applying:"apply",importing:"apply",restarting:"apply",updating_gravity:"apply",proving:"verify"};function fs(n,e){let t=fi[e??""]??"check";return me.indexOf(t)>me.indexOf(n)?t:n}var M=class extends T{static properties={...T.properties,phase:{state:!0},step:{state:!0},answer:{state:!0},remarks:{state:!0},canTakeBack:{attribute:!1}};static styles=[...T.styles,X,f`
      .steps {
        list-style: none;
        margin: 12px 0;
        padding: 0;
        display: grid;
        gap: 10px;
      }
      .steps li {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 24px;
      }
      .steps li[data-state="later"] {
        color: var(--pc-faint);
      }
      .steps .sign {
        inline-size: 20px;
        display: grid;
        place-items: center;
      }
      .progress {
        font-size: 12px;
        min-block-size: 1.45em;
      }
      .outcome {
        display: flex;
        gap: 10px;
        font-weight: 500;
      }
      .remarks {
        margin: 8px 0;
        padding-inline-start: 20px;
      }
      details {
        margin-block: 8px;
      }
      summary {
        cursor: pointer;
        color: var(--pc-faint);
      }
      pre {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font-size: 12px;
        margin: 8px 0;
      }
    `];constructor(){super(),this.phase="asking",this.step="check",this.answer=null,this.remarks=[],this.canTakeBack=!1}get isShowingRestore(){return this.phase!=="asking"&&(this.dialog?.open??!1)}async run(e){let{words:t}=this.view;this.phase="running",this.step="check",this.problem=null,this.focusHeading();try{let s=await e();this.remarks=await this.remarksOf(s),this.answer=s,this.phase="done"}catch(s){et(s)?this.phase="lost":(this.problem=await t.error(s),this.phase="failed")}await this.updateComplete,this.focusHeading()}remarksOf({remark_details:e,remarks:t}){return this.view.words.remarks((e??[]).filter(us),e?[]:t)}willUpdate(e){this.phase==="running"&&(this.step=fs(this.step,this.#e))}get#e(){let{pihole:e,entryId:t}=this.view.feed;return this.target===t?e?.stage??null:null}lostBody(){return a`<p class="state">
      ${v("alert-circle-outline","warn")}<span>${this.view.words.say("restore_lost")}</span>
    </p>`}runningBody(){let{words:e,feed:t}=this.view,s=me.indexOf(this.step),i=this.#e==="updating_gravity"?t.pihole?.progress:null,o=this.#e?e.find(`stage_${this.#e}`)??"":"";return a`<ol class="steps">
        ${me.map((r,l)=>{let c=l<s?"done":l===s?"now":"later",h=c==="done"?v("check","good"):c==="now"?R():"";return a`<li data-state=${c}>
            <span class="sign">${h}</span><span>${e.say(`step_${r}`)}</span>
            ${c==="now"&&o?a`<span class="faint stage">${o}</span>`:d}
          </li>`})}
      </ol>
      <p class="faint progress">${i?x(String(i)):d}</p>
      <p class="faint">${e.say("restoring_hint")}</p>
      <span class="unseen" role="status">${e.say(`step_${this.step}`)}</span>`}resultBody(e){let{words:t}=this.view,s=e.items.filter(({outcome:p})=>p==="done"),i=e.items.filter(({outcome:p})=>p!=="done"),o=e.more_items??[],r=o.filter(({outcome:p})=>p!=="done"),l=e.proven!==!1&&!i.length&&!r.length,c=l?"restored_verified":"restored_unverified",h=e.items.length?t.count(c,ms(e)):t.say("restored_nothing"),u=gi(e);return a`<p class=${`outcome ${l?"good":"warn"}`}>
        ${v(l?"check-circle-outline":"alert-circle-outline")}<span>${h}</span>
      </p>
      ${this.remarks.length?a`<ul class="remarks">
              ${this.remarks.map(p=>a`<li>${x(p)}</li>`)}
            </ul>`:d}
      ${u?a`<details>
              <summary>${t.say("pihole_output")}</summary>
              <pre dir="ltr">${_(u)}</pre>
            </details>`:d}
      ${i.length?a`<h3>${t.say("restored_not")}</h3>
              ${P(t,i,p=>this.#s(p))}
              ${F(t,r)}`:d}
      ${s.length?a`<h3>${t.say("restored_changed")}</h3>
              ${P(t,s,p=>Q(t,he(t,p)))}
              ${F(t,o.filter(({outcome:p})=>p==="done"))}`:d}`}#s(e){let{words:t}=this.view,s=he(t,e),i=e.reason?_(e.reason):"",o=t.say(`outcome_${e.outcome??"unknown"}`,{reason:i});return a`${v("alert-circle-outline","warn")}
      <div class="what">
        <bdi>${_(s.name)}</bdi
        ><span class="faint">${ue(t,s,`will_${s.how}`)}</span>
        <span class="warn">${o}</span>
      </div>`}closeButton(){return b(this.view.words.say("close"),()=>this.close())}takeBackButton(e){if(this.phase==="lost")return d;if(!(this.phase==="done"?this.answer?.safety_backup:this.canTakeBack))return d;let s=this.target;return b(this.view.words.say(e),()=>this.view.open({kind:"undo",entryId:s,isDecided:!0}),{iconName:e})}heading(){let{words:e}=this.view;return this.phase==="failed"?e.say("restore_failed_title"):this.phase==="done"?this.doneTitle:this.askingTitle()}};function gi({remark_details:n}){return(n??[]).map(({placeholders:e})=>e.complaints??"").join(`
`).trim()}var ft=class extends M{static properties={...M.properties,backup:{attribute:!1},wanted:{attribute:!1},piholes:{state:!0},chosenTarget:{state:!0},plan:{state:!0},chosen:{state:!0},way:{state:!0},gravity:{state:!0},planRemarks:{state:!0},isWhole:{state:!0}};static styles=[...M.styles,f`
      label {
        cursor: pointer;
      }
      .change {
        display: flex;
        gap: 12px;
        flex: 1;
        min-inline-size: 0;
      }
      .change[data-off] {
        cursor: default;
        color: var(--pc-faint);
      }
      .needs {
        display: block;
        font-size: 13px;
        color: var(--pc-warn-ink);
      }
      .choice {
        display: flex;
        gap: 12px;
        align-items: center;
        min-block-size: 36px;
      }
      fieldset {
        border: 0;
        margin: 12px 0 0;
        padding: 0;
      }
      legend {
        padding: 0;
        font-weight: 500;
      }
    `];constructor(){super(),this.wanted=void 0,this.piholes=[],this.chosenTarget=null,this.plan=null,this.chosen=new Set,this.way=null,this.gravity=null,this.planRemarks=[],this.isWhole=!1}get target(){return this.chosenTarget??this.view.feed.entryId}get#e(){return this.target!==this.view.feed.entryId}get#s(){let{entryId:e}=this.view.feed;return{source:e,backupId:this.backup.id,target:this.target,isWhole:this.isWhole}}get doneTitle(){return this.view.words.say("restored_title")}askingTitle(){return this.view.words.say("restore_title")}isKept(){return this.phase==="running"}firstUpdated(e){super.firstUpdated(e),this.#t(),this.view.piholes().then(t=>{this.piholes=t},()=>{})}async#t(){let{actions:e,words:t}=this.view;this.isWhole=!1;let s=this.#s;this.plan=null,await this.attempt(t.say("previewing"),async()=>{let i=await e.plan(s);i.more_items?.length&&(this.isWhole=!0,i=await e.plan({...s,isWhole:!0})),this.planRemarks=await this.remarksOf(i),this.plan=i,this.chosen=hs(i.items,{isElsewhere:s.source!==s.target,wanted:this.wanted}),this.way=null}),this.target!==s.target&&await this.#t()}about(){let{words:e}=this.view,t=e.format.time(this.backup.created_at);return a`${e.say("backup_of",{time:t})}`}body(){return this.phase==="running"?this.runningBody():this.phase==="done"&&this.answer?this.resultBody(this.answer):this.phase==="lost"?this.lostBody():this.phase==="failed"?d:a`${this.#i()} ${this.plan?this.#n(this.plan):d}`}#i(){let{words:e}=this.view;if(this.piholes.length<2)return d;let t=s=>{this.chosenTarget=s.target.value,this.busy===null&&this.#t()};return a`<label class="field"
      >${e.say("restore_to")}
      <select class="target" @change=${t}>
        ${this.piholes.map(({config_entry_id:s,title:i})=>a`<option value=${s} ?selected=${s===this.target}>${_(i)}</option>`)}
      </select>
    </label>`}#n(e){let{words:t}=this.view;if(!e.items.length)return a`<p class="state same">
          ${v("check-circle-outline","good")}<span>${t.say("preview_nothing")}</span>
        </p>
        ${this.#l(e)}`;let s=e.items.some(i=>!fe(i));return a`${s?a`<p class="state permission">
              ${v("lock-outline","warn")}<span>${t.say("needs_permission_hint")}</span>
            </p>`:d}
      <p>${t.say(this.#e?"plan_title_elsewhere":"plan_title")}</p>
      ${this.isWhole?a`<p class="whole">${L(t,ut(e))}</p>`:P(t,e.items,i=>this.#o(i),{before:(i,o)=>this.#a(i,o)})}
      ${this.#l(e)} ${this.#u(e)}`}#o(e){let{words:t}=this.view,s=he(t,e),i=!fe(e),o=e.needs.filter(r=>r!=="gravity").map(r=>t.say(`need_${r}`));return a`<label class="change" ?data-off=${i} data-id=${e.id}>
      <input
        type="checkbox"
        .checked=${this.chosen.has(e.id)}
        ?disabled=${i}
        @change=${r=>this.#r([e],mt(r))}
      />
      <span class="what"
        ><bdi>${Z(t,s)}</bdi>
        <span class="faint">${ue(t,s,`will_${s.how}`)}</span>
        ${e.brought?a`<span class="faint">${t.say("brought")}</span>`:d}
        ${o.map(r=>a`<span class="needs">${r}</span>`)}</span
      >
    </label>`}#a(e,t){let s=e.filter(fe);if(e.length<2||!s.length)return d;let i=s.filter(({id:o})=>this.chosen.has(o)).length;return a`<input
      type="checkbox"
      aria-label=${t}
      .checked=${i===s.length}
      .indeterminate=${i>0&&i<s.length}
      @change=${o=>this.#r(s,mt(o))}
    />`}#r(e,t){let s=new Set(this.chosen);for(let{id:i}of e)t?s.add(i):s.delete(i);this.chosen=s}#l({left_out:e,more_left_out:t=[]}){let{words:s}=this.view;if(!e.length)return d;let i=t.reduce((o,{count:r})=>o+r,e.length);return a`<details class="left-out">
      <summary>${s.count("left_out",i)}</summary>
      ${P(s,e,o=>a`<div class="what">
            <bdi>${_(o.item)}</bdi>
            <span class="faint">${s.say(`left_out_${o.reason}`)}</span>
          </div>`)}
      ${F(s,t)}
    </details>`}#u(e){let{words:t}=this.view,s=dt(e,this.chosen,this.isWhole),i=this.#c(e,s);return a`${s.length?this.#m(s):d}
    ${!this.isWhole&&ht(e.items,this.chosen)?a`<label class="choice">
            <input
              type="checkbox"
              class="gravity"
              .checked=${this.gravity??!0}
              @change=${o=>{this.gravity=mt(o)}}
            /><span
              >${t.say("restore_gravity")}
              <span class="faint">${t.say("restore_gravity_hint")}</span></span
            >
          </label>`:d}
    ${this.planRemarks.length?a`<ul class="remarks">
            ${this.planRemarks.map(o=>a`<li>${x(o)}</li>`)}
          </ul>`:d}
    ${this.chosen.size?a`<p class="state what-happens">
            ${v(i?"restart-alert":"shield-check-outline",i?"warn":"good")}
            <span>${t.say(i?"restore_restarts":"restore_stays")}</span>
          </p>`:d}`}#m(e){let{words:t}=this.view;return a`<fieldset>
      <legend>${t.say("way_title")}</legend>
      ${e.map(s=>a`<label class="choice">
            <input
              type="radio"
              name="way"
              .checked=${this.#d(e)===s}
              @change=${()=>{this.way=s}}
            /><span>${t.say(`way_${s}`)}</span>
          </label>`)}
    </fieldset>`}#c(e,t){return this.#d(t)==="import"?!0:this.isWhole?e.ways[0]?.restarts??!1:pt(e.items,this.chosen)}#d(e){return e.find(t=>t===this.way)??e[0]??null}buttons(){let{words:e,isReady:t}=this.view;if(this.phase==="running")return this.closeButton();if(this.phase!=="asking")return a`${this.takeBackButton("undo")} ${this.closeButton()}`;if(!this.plan?.items.length)return this.closeButton();let s=this.isWhole?ut(this.plan).reduce((i,{count:o})=>i+o,0):this.chosen.size;return a`${b(e.say("cancel"),()=>this.close())}
    ${b(e.count("restore_changes",s),()=>this.#p(),{looks:"filled",isOff:!t||!this.chosen.size||this.busy!==null,name:"restore-now"})}`}#p(){let{plan:e}=this;if(!e)return;let t=this.#s,s=e.items.map(({id:c})=>c).filter(c=>this.chosen.has(c)),i=(this.gravity??!0)&&ht(e.items,this.chosen),o=this.isWhole?{}:{only:s,updateGravity:i},r=this.#d(dt(e,this.chosen,this.isWhole)),l={plan:e.plan,...o,...r&&{way:r}};this.run(()=>this.view.actions.restore(t,l))}};function mt(n){return n.target.checked}w("pihole-checkpoint-restore",ft);var gt=class extends M{static properties={...M.properties,entryId:{attribute:!1},isDecided:{attribute:!1},isRedo:{state:!0}};constructor(){super(),this.isRedo=!1}get target(){return this.entryId}get doneTitle(){return this.view.words.say(this.isRedo?"redone_title":"undone_title")}firstUpdated(e){super.firstUpdated(e);let{feed:t}=this.view;this.isRedo=this.entryId===t.entryId&&t.pihole?.restore?.kind==="redo",this.isDecided&&this.#e()}#e(){this.run(()=>this.view.actions.undoRestore(this.entryId))}askingTitle(){return this.view.words.say(this.isRedo?"redo_title":"undo_title")}body(){let{words:e}=this.view;return this.phase==="running"?this.runningBody():this.phase==="done"&&this.answer?this.resultBody(this.answer):this.phase==="lost"?this.lostBody():this.phase==="failed"?d:a`<p class="state">
      ${v("information-outline")}<span
        >${e.say(this.isRedo?"redo_question":"undo_question")}</span
      >
    </p>`}buttons(){let{words:e}=this.view;if(this.phase!=="asking"){let t=this.isRedo?"undo":"redo";return a`${this.phase==="running"?d:this.takeBackButton(t)}
      ${this.closeButton()}`}return a`${b(e.say("cancel"),()=>this.close())}
    ${b(e.say(this.isRedo?"redo":"undo"),()=>this.#e(),{looks:"filled"})}`}};w("pihole-checkpoint-undo",gt);var Be=class{#e;#s;#t=null;#i=null;#n=null;constructor(e,t){this.#e=e,this.#s=t}open(e,t){let s=yi(e,t);if(s){let i=t.feed.backups.findIndex(({id:o})=>o===s);this.#i={backupId:s,index:i}}this.#n=null,this.#t?.kind===e.kind&&(this.#t=null,this.#e.requestUpdate()),this.#e.updateComplete.then(()=>{this.#t=e,this.#e.requestUpdate()})}forget(){this.#t=null,this.#i=null,this.#n=null}get changing(){let e=this.#e.renderRoot.querySelector("pihole-checkpoint-restore, pihole-checkpoint-undo");return e?.isShowingRestore?e:null}afterwards(e){this.#n=e}#o(e){if(this.#t!==e)return;let[t,s]=[this.#i,this.#n];this.forget(),this.#e.requestUpdate(),s?.(),this.#e.updateComplete.then(()=>this.#s(t))}template(e){let t=this.#t;if(!t)return d;let s=()=>this.#o(t);switch(t.kind){case"details":return a`<pihole-checkpoint-details
          .view=${e}
          .backup=${t.backup}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-details>`;case"compare":return a`<pihole-checkpoint-compare
          .view=${e}
          .backup=${t.backup}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-compare>`;case"restore":return a`<pihole-checkpoint-restore
          .view=${e}
          .backup=${t.backup}
          .wanted=${t.wanted}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-restore>`;case"undo":return a`<pihole-checkpoint-undo
          .view=${e}
          .entryId=${t.entryId}
          .isDecided=${t.isDecided}
          @checkpoint-closed=${s}
        ></pihole-checkpoint-undo>`}}};function yi(n,{feed:e}){return n.kind==="details"?n.backup.id:n.kind==="undo"&&!n.isDecided?e.pihole?.restore?.backup_id??null:null}var gs=[1,2,4,8,15],vi=30,bi=["not_loaded","unknown_command"],ee=class{phase="loading";online=!0;pihole=null;backups=[];total=0;problem=null;isPaging=!1;entryId;#e;#s;#t;#i;#n;#o=0;#a=0;#r;#l=null;constructor(e,t,s,i){this.entryId=t,this.#s=e,this.#t=e.connection,this.#i=s,this.#n=s,this.#e=i}start(){this.#t.addEventListener("ready",this.resume),this.#t.addEventListener("disconnected",this.#m),this.#c()}stop(){this.#o+=1,clearTimeout(this.#r),this.#t.removeEventListener("ready",this.resume),this.#t.removeEventListener("disconnected",this.#m),this.#u()}resume=()=>{this.#a=0,this.#c()};get hasMore(){return this.backups.length<this.total}more(){!this.hasMore||this.isPaging||(this.#n=this.backups.length+this.#i,this.#f())}find(e){return this.backups.find(({id:t})=>t===e)}#u(){let e=this.#l;this.#l=null,e&&ys(e)}#m=()=>{this.#o+=1,clearTimeout(this.#r),this.#l=null,this.online=!1,this.isPaging=!1,this.#e.changed([])};async#c(){clearTimeout(this.#r),this.#u(),this.#o+=1,this.isPaging=!1;let e=this.#o,t=()=>e===this.#o,s={type:`${k}/subscribe`,config_entry_id:this.entryId,limit:Math.min(this.#n,200)};try{let i=await this.#t.subscribeMessage(o=>{t()&&this.#y(o)},s,{resubscribe:!1});t()?this.#l=i:ys(i)}catch(i){t()&&this.#d(i)}}#d(e){this.phase=bi.includes(e.code)?"unloaded":"failed",this.problem=e,this.#e.changed([]),this.#p()}#p(){let e=gs[Math.min(this.#a,gs.length-1)]??1;this.#a+=1,clearTimeout(this.#r),this.#r=setTimeout(()=>{this.#c()},e*1e3)}#y(e){switch(e.kind){case"snapshot":clearTimeout(this.#r),this.#a=0,this.online=!0,this.phase="ready",this.problem=null,this.pihole=e.pihole,this.total=e.total,this.backups=e.backups,this.isPaging=!1,this.#f(!0).then(()=>{this.#e.changed([])});break;case"update":this.#v(e);break;case"happening":this.#e.happened(e.type,e.data??{});break;case"unloaded":this.phase="unloaded",this.isPaging=!1,this.#e.changed([]),clearTimeout(this.#r),this.#r=setTimeout(this.resume,vi*1e3);break}}#v(e){let{pihole:t,added:s=[],changed:i=[],removed:o=[],total:r}=e;t&&this.pihole&&(this.pihole={...this.pihole,...t});let l=!this.hasMore;r!==void 0&&(this.total=r);let c=new Set([...o,...s.map(({id:m})=>m)]),h=new Map(i.map(m=>[m.id,m])),u=this.backups.filter(({id:m})=>!c.has(m)).map(m=>h.get(m.id)??m),p=u.at(-1),y=s.filter(m=>l||!p||vs(m,p)),g=y.length?[...y,...u].sort((m,E)=>vs(m,E)?-1:1):u;this.backups=g.slice(0,this.#n),this.#e.changed(y.map(({id:m})=>m)),this.#f()}async#f(e=!1){if(this.isPaging||!this.#h()||!this.online)return;let t=this.#o;this.isPaging=!0,e||this.#e.changed([]);try{for(;;){let s=this.backups.at(-1),{backups:i,total:o}=await this.#s.callWS({type:`${k}/backups`,config_entry_id:this.entryId,...s&&{after:s.id},limit:Math.min(this.#n-this.backups.length,200)});if(t!==this.#o)return;let r=new Set(this.backups.map(({id:c})=>c)),l=i.filter(({id:c})=>!r.has(c));if(this.total=o,this.backups=[...this.backups,...l],!l.length||!this.#h())break;e||this.#e.changed([])}}catch{t===this.#o&&this.#p()}finally{t===this.#o&&(this.isPaging=!1,e||this.#e.changed([]))}}#h(){return this.backups.length<Math.min(this.#n,this.total)}};function ys(n){Promise.resolve(n()).catch(()=>{})}function vs(n,e){let[t,s]=[Date.parse(n.created_at),Date.parse(e.created_at)];return t===s?n.id>e.id:t>s}var ge=new Map;function bs(n){return ge.set(n,(ge.get(n)??0)+1),()=>{ge.set(n,(ge.get(n)??1)-1)}}function yt(n,e,t){let{words:s,feed:i,toast:o}=n,{entryId:r}=i,l=t.message??"",c=`attempt-${r}`,h=`restore-${r}`;switch(e){case"completed":{o(wi(n,t.headline??null),{id:c});break}case"unchanged":o(s.say("toast_unchanged"),{id:c});break;case"failed":if(ge.get(r))break;o(s.say("toast_failed",{reason:l}),{id:c,isFailure:!0});break;case"damaged":o(s.say("toast_damaged"),{id:`damaged-${t.backup_id??""}`,isFailure:!0});break;case"restored":o(..._i(n,t));break;case"restore_failed":o(s.say("toast_restore_failed",{reason:l}),{id:h,isFailure:!0});break}}function wi({words:n,feed:e},t){return t?.length?n.say("toast_completed_changes",{changes:L(n,t)}):t?n.say("toast_completed_same"):n.say(e.pihole?.count===1?"toast_completed_first":"toast_completed")}function _i(n,e){let{words:t,feed:s,isAdmin:i,open:o}=n,{entryId:r}=s,l=s.pihole?.restore?.kind==="redo",c=l?"undone_title":"toast_restored",h=t.say(e.proven===!1?"toast_restored_unproven":c),u={text:t.say(l?"redo":"undo"),action:()=>o({kind:"undo",entryId:r,isDecided:!0})};return[h,{id:`restore-${r}`,...i&&e.safety_backup_id&&{action:u}}]}var te=class{#e;#s;#t=!1;#i;#n=new IntersectionObserver(([e])=>{this.#t=e?.isIntersecting??!1,this.#o()});#o=()=>{let e=this.#t&&document.visibilityState==="visible";e!==(this.#i!==void 0)&&(clearInterval(this.#i),this.#i=e?setInterval(this.#s,1e4):void 0,e&&this.#s())};constructor(e,t){this.#e=e,this.#s=t,e.addController(this)}hostConnected(){this.#n.observe(this.#e),document.addEventListener("visibilitychange",this.#o)}hostDisconnected(){this.#n.disconnect(),document.removeEventListener("visibilitychange",this.#o),this.#t=!1,this.#o()}};var $i=6e3,ki=12e3,xi=-1,Ai=1500,Ne=new Map;function ze(n,e,t){let{id:s,action:i,isFailure:o=!1}=t,r=Date.now();for(let[u,p]of Ne)r-p>Ai&&Ne.delete(u);let l=`${s} ${e}`;if(Ne.has(l))return!1;Ne.set(l,r);let c={id:`${k}-${s}`,message:e,duration:o?xi:i?ki:$i,dismissable:!0,...i&&{action:i}};return(n.isConnected?n:document.querySelector("home-assistant"))?.dispatchEvent(new CustomEvent("hass-notification",{detail:c,bubbles:!0,composed:!0})),!0}async function _s(n,e,t){for(let s of e){let i=_(s.name),o=Ti(n,s,i);if(o){n.toast(o,{id:`upload-${i}`,isFailure:!0});continue}t(i),await Si(n,s,i)}t(null)}async function Si({actions:n,words:e,toast:t},s,i){let o=`upload-${i}`;try{let{backups:r,already_stored:l}=await n.upload(s),[c]=r;if(!l||!c)return;let h=e.format.time(c.created_at);t(e.say("upload_already_stored",{name:i,time:h}),{id:o})}catch(r){let l=await e.error(r);t(e.say("upload_failed",{name:i,reason:l}),{id:o,isFailure:!0})}}function Ti({words:n},e,t){return e.name.toLowerCase().endsWith(".zip")?e.size<=104857600?null:n.say("upload_too_large",{name:t,size:n.format.size(104857600)}):n.say("upload_not_zip",{name:t})}var vt=class extends S{static styles=[$,f`
      .message {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px var(--pc-pad) 32px;
        text-align: center;
      }
      p {
        margin: 0;
        max-inline-size: 44ch;
        overflow-wrap: anywhere;
      }
      .sign {
        color: var(--pc-faint);
      }
    `];render(){let{feed:e,words:t}=this.view,{phase:s}=e,i=s==="loading";return a`<div class="message" role="status">
      <span class="sign">${i?R():v("alert-circle-outline")}</span>
      <p dir="auto">${bt(this.view)}</p>
      ${i?d:b(t.say("try_again"),e.resume,{name:"try-again"})}
    </div>`}};function bt({feed:n,words:e,problem:t}){if(!n.online)return e.say("error_connection");let s={loading:"loading",unloaded:"not_loaded",failed:"load_failed",ready:"loading"};return e.say(s[n.phase],{reason:t})}w("pihole-checkpoint-message",vt);var wt=class extends S{static properties={...S.properties,isPressed:{type:Boolean}};static styles=[$,f`
      :host {
        block-size: 100%;
      }
      .compact {
        display: flex;
        align-items: center;
        gap: 4px 12px;
        padding: 10px 12px;
        box-sizing: border-box;
        min-block-size: 100%;
        flex-wrap: wrap;
      }
      .logo {
        inline-size: 36px;
        block-size: 36px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      .who {
        flex: 1 1 120px;
        min-inline-size: 0;
        display: grid;
        border: 0;
        padding: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      h2 {
        margin: 0;
        font-size: 14px;
        font-weight: 500;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .state {
        font-size: 12px;
        overflow: hidden;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
      }
    `];render(){let{title:e,words:t}=this.view,s=()=>this.dispatchEvent(new CustomEvent("back-up",{bubbles:!0,composed:!0}));return a`<div class="compact">
      ${W}
      <button type="button" class="who" @click=${()=>this.#s()}>
        <h2 dir="auto">${e||t.say("card_name")}</h2>
        ${this.#e()}
      </button>
      ${ot(this.view,this.isPressed,s)}
    </div>`}#e(){let{words:e,feed:t}=this.view,[s]=rt(this.view);if(s)return a`<span class=${`state ${s.kind==="error"?"bad":"warn"}`}
        >${s.text}</span
      >`;let i=t.pihole?.last_backup,o=i?e.say("last_backup_ago",{ago:e.format.relative(i)}):t.pihole?e.say("empty"):bt(this.view);return a`<span class="state faint">${o}</span>`}focusOpener(){this.renderRoot.querySelector(".who")?.focus()}#s(){let[e]=this.view.feed.backups;e&&this.view.open({kind:"details",backup:e})}};w("pihole-checkpoint-compact",wt);var _t=class extends A{static properties={isOpen:{attribute:!1},hint:{attribute:!1},isDraggedOver:{state:!0}};static styles=[$,f`
      :host {
        position: relative;
        block-size: 100%;
      }
      .veil {
        position: absolute;
        inset: 6px;
        z-index: 5;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 8px;
        padding: 16px;
        text-align: center;
        pointer-events: none;
        font-weight: 500;
        color: var(--pc-accent-ink);
        border: 2px dashed var(--pc-accent);
        border-radius: var(--pc-round);
        background: color-mix(in srgb, var(--pc-surface) 92%, var(--pc-accent));
      }
    `];constructor(){super(),this.isOpen=!1,this.hint="",this.isDraggedOver=!1,this.addEventListener("dragover",e=>this.#e(e)),this.addEventListener("dragleave",()=>{this.isDraggedOver=!1}),this.addEventListener("drop",e=>this.#s(e))}choose(){this.isOpen&&this.renderRoot.querySelector("input")?.click()}render(){return a`<slot></slot>
      <input
        type="file"
        accept=".zip,application/zip"
        multiple
        hidden
        @change=${e=>this.#t(e.target)}
      />
      ${this.isDraggedOver?a`<div class="veil" aria-hidden="true">
              ${v("upload")}<span>${this.hint}</span>
            </div>`:d}`}#e(e){e.dataTransfer?.types.includes("Files")&&(e.preventDefault(),this.isDraggedOver=this.isOpen,this.isOpen||(e.dataTransfer.dropEffect="none"))}#s(e){this.isDraggedOver&&(e.preventDefault(),this.isDraggedOver=!1,this.#i(e.dataTransfer?.files))}#t(e){let t=e.files;this.#i(t),e.value=""}#i(e){let t=[...e??[]];this.dispatchEvent(new CustomEvent("files-taken",{detail:t}))}};w("pihole-checkpoint-drop-zone",_t);/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var $s={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},ks=n=>(...e)=>({_$litDirective$:n,values:e}),He=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};/**
 * @license
 * Copyright 2020 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{I:Ri}=Ft,xs=n=>n;var As=()=>document.createComment(""),se=(n,e,t)=>{let s=n._$AA.parentNode,i=e===void 0?n._$AB:e._$AA;if(t===void 0){let o=s.insertBefore(As(),i),r=s.insertBefore(As(),i);t=new Ri(o,r,n,n.options)}else{let o=t._$AB.nextSibling,r=t._$AM,l=r!==n;if(l){let c;t._$AQ?.(n),t._$AM=n,t._$AP!==void 0&&(c=n._$AU)!==r._$AU&&t._$AP(c)}if(o!==i||l){let c=t._$AA;for(;c!==o;){let h=xs(c).nextSibling;xs(s).insertBefore(c,i),c=h}}}return t},B=(n,e,t=n)=>(n._$AI(e,t),n),Ei={},Ss=(n,e=Ei)=>n._$AH=e,Ts=n=>n._$AH,De=n=>{n._$AR(),n._$AA.remove()};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Rs=(n,e,t)=>{let s=new Map;for(let i=e;i<=t;i++)s.set(n[i],i);return s},Es=ks(class extends He{constructor(n){if(super(n),n.type!==$s.CHILD)throw Error("repeat() can only be used in text expressions")}dt(n,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let i=[],o=[],r=0;for(let l of n)i[r]=s?s(l,r):r,o[r]=t(l,r),r++;return{values:o,keys:i}}render(n,e,t){return this.dt(n,e,t).values}update(n,[e,t,s]){let i=Ts(n),{values:o,keys:r}=this.dt(e,t,s);if(!Array.isArray(i))return this.ut=r,o;let l=this.ut??=[],c=[],h,u,p=0,y=i.length-1,g=0,m=o.length-1;for(;p<=y&&g<=m;)if(i[p]===null)p++;else if(i[y]===null)y--;else if(l[p]===r[g])c[g]=B(i[p],o[g]),p++,g++;else if(l[y]===r[m])c[m]=B(i[y],o[m]),y--,m--;else if(l[p]===r[m])c[m]=B(i[p],o[m]),se(n,c[m+1],i[p]),p++,m--;else if(l[y]===r[g])c[g]=B(i[y],o[g]),se(n,i[p],i[y]),y--,g++;else if(h===void 0&&(h=Rs(r,g,m),u=Rs(l,p,y)),h.has(l[p]))if(h.has(l[y])){let E=u.get(r[g]),Ue=E!==void 0?i[E]:null;if(Ue===null){let St=se(n,i[p]);B(St,o[g]),c[g]=St}else c[g]=B(Ue,o[g]),se(n,i[p],Ue),i[E]=null;g++}else De(i[y]),y--;else De(i[p]),p++;for(;g<=m;){let E=se(n,c[m+1]);B(E,o[g]),c[g++]=E}for(;p<=y;){let E=i[p++];E!==null&&De(E)}return this.ut=r,Ss(n,c),I}});function Ps(n,e){let t=Pi(n),s=t?.getBoundingClientRect().top;if(e(),!t?.isConnected||s===void 0)return;let i=t.getBoundingClientRect().top-s;i&&Ci(n)?.scrollBy({top:i,behavior:"instant"})}function Pi(n){let e=s=>s.getBoundingClientRect().bottom<=0,t=n.firstElementChild;return!t||!e(t)?null:[...n.children].find(s=>!e(s))??null}function Ci(n){let e=n;for(;e;){if(e instanceof Element&&e.scrollHeight>e.clientHeight&&["auto","scroll"].includes(getComputedStyle(e).overflowY))return e;e=Oi(e)}return document.scrollingElement}function Oi(n){return n instanceof Element&&n.assignedSlot?n.assignedSlot:n.parentNode??(n instanceof ShadowRoot?n.host:null)}var Ii=1200,Li=1440*60*1e3,$t=class extends S{static properties={...S.properties,fresh:{attribute:!1},uploading:{attribute:!1}};static styles=[$,f`
      .bar,
      .foot {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
        padding: 12px var(--pc-pad) 4px;
      }
      h3 {
        margin: 0;
        font-size: 16px;
        font-weight: 500;
      }
      .count,
      .damaged-count {
        color: var(--pc-faint);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      .damaged-count {
        color: var(--pc-bad-ink);
        font-size: 13px;
      }
      .uploading {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 4px var(--pc-pad) 8px;
        overflow-wrap: anywhere;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        overflow: clip;
      }
      li {
        display: flex;
        align-items: center;
        border-block-start: 1px solid var(--pc-line);
        contain: layout style;
      }
      li:hover {
        background: var(--pc-hover);
      }
      .row {
        flex: 1 1 auto;
        min-inline-size: 0;
        display: grid;
        gap: 1px;
        padding: 10px var(--pc-pad);
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      .row:focus-visible {
        outline-offset: -2px;
      }
      .when {
        color: var(--pc-faint);
        font-variant-numeric: tabular-nums;
      }
      .changes {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .rest {
        color: var(--pc-faint);
        font-size: 13px;
        overflow-wrap: anywhere;
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        overflow: hidden;
      }
      .rest ha-icon {
        --mdc-icon-size: 15px;
        inline-size: 15px;
        block-size: 15px;
        vertical-align: -2px;
      }
      .undo-restore {
        flex: none;
        margin-inline-end: 8px;
      }
      @container card (width < 480px) {
        li:has(.undo-restore) {
          flex-wrap: wrap;
        }
        li:has(.undo-restore) .row {
          flex-basis: calc(100% - 48px);
        }
        .undo-restore {
          order: 1;
          margin-block-end: 6px;
        }
      }
      .chevron {
        color: var(--pc-faint);
        margin-inline-end: 10px;
      }
      .chevron:dir(rtl) {
        scale: -1 1;
      }
      .empty {
        padding: 20px var(--pc-pad) 28px;
        text-align: center;
      }
      .empty p {
        margin: 4px 0;
      }
      .foot {
        border-block-start: 1px solid var(--pc-line);
        padding-block: 6px 10px;
      }
    `];constructor(){super(),this.fresh=[],this.uploading=null}render(){let{feed:e,words:t,isAdmin:s,isReady:i}=this.view,{backups:o,pihole:r,total:l}=e,c=r?.count!==null,h=r?.count??l,u=r?.damaged??0;return a`
      <div class="bar">
        <h3>
          ${t.say("backups")}
          ${c?a`<span class="count">${t.format.number(h)}</span>`:d}
          ${u?a`<span class="damaged-count bad"
                  >${t.count("count_damaged",u)}</span
                >`:d}
        </h3>
        ${s?b(t.say("upload"),()=>this.#s("choose-upload"),{iconName:"upload",isOff:!i||this.uploading!==null,name:"upload"}):d}
      </div>
      ${this.uploading===null?d:a`<div class="uploading" role="status">
              ${R()}<span>${t.say("uploading",{name:this.uploading})}</span>
            </div>`}
      <ul aria-label=${t.say("backups")}>
        ${Es(o,({id:p})=>p,p=>this.#t(p))}
      </ul>
      ${o.length||l||!c?d:a`<div class="empty">
              <p>${t.say("empty")}</p>
              <p class="faint">${t.say("empty_hint")}</p>
            </div>`}
      ${e.hasMore?a`<div class="foot">
              <span class="faint shown">${this.#e(h)}</span>${b(t.say("show_more"),()=>e.more(),{isBusy:e.isPaging,isOff:!i,name:"show-more"})}
            </div>`:d}
    `}#e(e){let{feed:t,words:s}=this.view,i=t.backups.filter(({status:h})=>h==="good").length,[o,r]=[i,e].map(h=>s.format.number(h)),l=s.say("shown_of",{shown:o??"",total:r??""}),c=t.pihole?.damaged??0;return c?s.format.join([l,s.count("count_damaged",c)]):l}#s(e){this.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0}))}#t(e){let{words:t}=this.view,{format:s}=t;return a`<li data-id=${e.id} data-status=${e.status}>
      <button type="button" class="row" @click=${()=>this.view.open({kind:"details",backup:e})}>
        <span class="when"
          >${s.time(e.created_at)} · ${s.relative(e.created_at)}</span
        >
        ${e.status==="good"?d:a`<span class="status bad"
                >${v("alert-circle-outline")} ${t.say(`status_${e.status}`)}</span
              >`}
        <span class="changes">${Ie(t,e)}</span>
        <span class="rest">${this.#i(e)}</span>
      </button>
      ${this.#n(e)}${v("chevron-right","chevron")}
    </li>`}#i(e){let{words:t}=this.view,s=[t.trigger(e.trigger),t.format.size(e.file_size)];if(e.confirmed_at){let i=t.format.relative(e.confirmed_at);s.push(t.say("status_confirmed",{ago:i}))}return a`${e.pinned?a`<span class="pinned">${v("pin")} ${t.say("status_pinned")} · </span>`:d}${s.join(" · ")}${e.note?a` · <span class="note">${x(e.note)}</span>`:d}`}#n(e){let{words:t,feed:s,isAdmin:i,isReady:o}=this.view,r=s.pihole?.restore;if(!i||r?.backup_id!==e.id)return d;if(Date.now()-Date.parse(r.at)>Li)return d;let l=s.entryId;return b(t.say(r.kind==="redo"?"redo_restore":"undo_restore"),()=>this.view.open({kind:"undo",entryId:l,isDecided:!1}),{iconName:r.kind==="redo"?"redo":"undo",isOff:!o,name:"undo-restore"})}update(e){let t=this.renderRoot.querySelector("ul");t?Ps(t,()=>super.update(e)):super.update(e)}updated(e){if(!(!e.has("fresh")||matchMedia("(prefers-reduced-motion: reduce)").matches))for(let t of this.fresh)this.renderRoot.querySelector(`li[data-id="${CSS.escape(t)}"]`)?.animate([{transform:"translateY(-100%)",backgroundColor:"var(--pc-hover)"},{transform:"none",backgroundColor:"var(--pc-hover)",offset:.2},{backgroundColor:"transparent"}],{duration:Ii,easing:"ease-out"})}focusRow(e){let t=[...this.renderRoot.querySelectorAll(".row")];t[Math.min(Math.max(e,0),t.length-1)]?.focus({preventScroll:!0})}};w("pihole-checkpoint-rows",$t);var Mi=100,kt=class extends A{static properties={hass:{attribute:!1},words:{attribute:!1},entryId:{attribute:!1},config:{attribute:!1},isPreview:{attribute:!1},view:{state:!0},fresh:{state:!0},isPressed:{state:!0},uploading:{state:!0},readOut:{state:!0}};static styles=[$,f`
      :host {
        container: card / inline-size;
        block-size: 100%;
      }
    `];#e=null;#s="";#t=new Be(this,e=>this.#p(e));#i=new Me(e=>this.#f(e));constructor(){super(),this.isPreview=!1,this.view=null,this.fresh=[],this.isPressed=!1,this.uploading=null,this.readOut="",this.addController(new te(this,()=>this.#l()))}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.#n()}disconnectedCallback(){super.disconnectedCallback(),this.#o()}willUpdate(e){let t=e.get("hass"),s=e.has("hass")&&t?.connection!==this.hass.connection,i=e.has("config")&&e.get("config")?.rows!==this.config.rows;e.has("entryId")||s||i?this.#n():(e.has("words")||e.has("config")||e.has("hass"))&&this.#l()}#n(){this.#o(),this.#e=new ee(this.hass,this.entryId,this.config.rows,{changed:e=>this.#a(e),happened:(e,t)=>this.#v(e,t)}),this.#e.start(),this.#l()}#o(){this.#i.forget(),this.#t.forget(),this.#e?.stop(),this.#e=null}#a(e){let t=this.#e?.pihole??null;t?.running&&(this.isPressed=!1),this.#i.watch(t),e.length&&(this.fresh=e),this.#l(),this.#e?.problem&&this.#r(this.#e.problem)}async#r(e){this.#s=await this.words.error(e),this.#l(),this.dispatchEvent(new CustomEvent("pihole-missing"))}#l(){let e=this.#e;if(!e)return;let{hass:t,words:s,config:i}=this;this.view={words:s,feed:e,actions:new K(t,e.entryId),isAdmin:t.user?.is_admin??!1,isReady:e.phase==="ready"&&e.online,title:_([i.title,e.pihole?.title].find(Boolean)),problem:this.#s,piholes:()=>Re(t),open:o=>this.#c(o),toast:(o,r)=>this.#h(o,r)}}render(){let{view:e}=this;return e?a`${this.config.layout==="compact"?this.#u(e):this.#m(e)}
      ${this.#t.template(e)}
      <div class="unseen live" role="status" aria-live="polite">${this.readOut}</div>`:d}#u(e){return a`<pihole-checkpoint-compact
      .view=${e}
      .isPressed=${this.isPressed}
      @back-up=${()=>this.#y()}
    ></pihole-checkpoint-compact>`}#m(e){return a`<pihole-checkpoint-drop-zone
      .isOpen=${e.isAdmin&&e.isReady&&this.uploading===null}
      .hint=${e.words.say("drop_here")}
      @files-taken=${t=>this.#g(t.detail)}
    >
      <pihole-checkpoint-header
        .view=${e}
        .isPressed=${this.isPressed}
        @back-up=${()=>this.#y()}
      ></pihole-checkpoint-header>
      ${e.feed.pihole?a`<pihole-checkpoint-rows
              .view=${e}
              .fresh=${this.fresh}
              .uploading=${this.uploading}
              @choose-upload=${()=>this.#w()}
            ></pihole-checkpoint-rows>`:a`<pihole-checkpoint-message .view=${e}></pihole-checkpoint-message>`}
    </pihole-checkpoint-drop-zone>`}#c(e){let{view:t}=this;t&&(this.isConnected?this.#t.open(e,t):e.kind==="undo"&&this.#d(t,e.entryId))}#d({words:e,feed:t,actions:s},i){let o=t.pihole?.restore?.kind==="redo"?"redone_title":"undone_title";s.undoRestore(i).then(()=>this.#h(e.say(o),{id:`restore-${i}`}),r=>this.#b(r,"toast_restore_failed"))}#p(e){if(!e)return;let t=this.#e?.backups.findIndex(({id:s})=>s===e.backupId)??-1;this.renderRoot.querySelector("pihole-checkpoint-rows")?.focusRow(t<0?e.index:t),this.renderRoot.querySelector("pihole-checkpoint-compact")?.focusOpener()}async#y(){let{view:e}=this,t=e?.feed.pihole;if(this.isPressed||!e?.isReady||!t||t.stage||t.running)return;this.isPressed=!0;let s=bs(e.feed.entryId);try{await e.actions.backUp()}catch(i){await this.#b(i,"toast_failed")}finally{s(),this.isPressed=!1}}#v(e,t){let{view:s}=this;if(!s||this.isPreview)return;let i=this.#t.changing;i&&e==="restore_failed"?i.canTakeBack=!!t.safety_backup_id&&t.reason!=="restore_refused":i&&e==="restored"?this.#t.afterwards(()=>this.view&&yt(this.view,e,t)):yt(s,e,t)}#f(e){if(this.isPreview)return;let t=this.words.format.number(e),s=this.words.say("toast_deadline",{seconds:t});this.#h(s,{id:`attempt-${this.entryId}`,isFailure:!0})}#h(e,t){ze(this,e,t)&&(this.readOut="",setTimeout(()=>{this.readOut=e},Mi))}async#b(e,t){let s=this.words.say(t,{reason:await this.words.error(e)});this.#h(s,{id:`attempt-${this.entryId}`,isFailure:!0})}#w(){this.renderRoot.querySelector("pihole-checkpoint-drop-zone")?.choose()}#g(e){let{view:t}=this;!t||this.uploading!==null||_s(t,e,s=>{this.uploading=s})}};w("pihole-checkpoint-pihole",kt);var Bi=1,xt=class extends A{static properties={hass:{attribute:!1},words:{attribute:!1},names:{attribute:!1},heading:{attribute:!1},differences:{state:!0}};static styles=[$,f`
      .head {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: var(--pc-pad) var(--pc-pad) 8px;
      }
      .logo {
        inline-size: 36px;
        block-size: 36px;
        flex: none;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
      h2 {
        margin: 0;
        font-size: 20px;
        font-weight: 500;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0 0 8px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-inline-end: 12px;
        border-block-start: 1px solid var(--pc-line);
      }
      li:hover {
        background: var(--pc-hover);
      }
      .pihole {
        flex: 1;
        min-inline-size: 0;
        display: grid;
        gap: 1px;
        padding: 10px var(--pc-pad);
        border: 0;
        background: none;
        font: inherit;
        color: inherit;
        text-align: start;
        cursor: pointer;
      }
      .name {
        font-weight: 600;
      }
      .button-start {
        display: grid;
        place-items: center;
      }
      .chevron:dir(rtl) {
        scale: -1 1;
      }
    `];#e=new Map;#s=new Set;#t="";constructor(){super(),this.differences=new Map,this.addController(new te(this,()=>this.requestUpdate()))}disconnectedCallback(){super.disconnectedCallback();for(let e of this.#e.values())e.stop();this.#e.clear()}willUpdate(){let e=new Set(this.names.map(({config_entry_id:t})=>t));for(let[t,s]of this.#e)e.has(t)||(s.stop(),this.#e.delete(t));for(let t of e){if(this.#e.has(t))continue;let s=()=>{this.requestUpdate(),this.#i()},i=new ee(this.hass,t,Bi,{changed:s,happened:()=>{}});this.#e.set(t,i),i.start()}}async#i(){let e=[...this.#e.values()].map(t=>t.pihole?.last_backup).join();if(e!==this.#t){this.#t=e;try{let t=await Kt(this.hass);this.differences=new Map(t.map(({config_entry_id:s,differences:i})=>[s,i]))}catch{this.#t=""}}}render(){return a`<div class="head">
        ${W}
        <h2 dir="auto">${this.heading||this.words.say("card_name")}</h2>
      </div>
      <ul>
        ${this.names.map((e,t)=>this.#n(e,t))}
      </ul>`}#n({config_entry_id:e,title:t},s){let{words:i}=this,o=this.#e.get(e),r=o?.pihole??null,l=i.stage(r)??(this.#s.has(e)?i.say("stage_starting"):null);return a`<li data-id=${e}>
      <button type="button" class="pihole" @click=${()=>this.dispatchEvent(new CustomEvent("pihole-opened",{detail:e}))}>
        <span class="name">${x(r?.title??t)}</span>
        <span class="faint">${this.#o(o)}</span>
        ${s===0?d:this.#a(e)}
      </button>
      ${b(l??i.say("backup_now"),()=>{this.#r(e)},{iconName:"backup-restore",isBusy:l!==null,isOff:o?.phase!=="ready"||!o.online,name:"backup-now"})}
      ${v("chevron-right","faint chevron")}
    </li>`}focusPihole(e){let t=this.names.findIndex(({config_entry_id:s})=>s===e);[...this.renderRoot.querySelectorAll(".pihole")][Math.max(t,0)]?.focus()}#o(e){let{words:t}=this;if(e?.phase!=="ready"||!e.pihole)return t.say(e?.phase==="loading"?"loading":"not_loaded");let{pihole:s}=e,i=s.last_backup,o=[t.say(s.reachable?"reachable":"unreachable"),i?t.say("last_backup_ago",{ago:t.format.relative(i)}):t.say("empty")],r=s.overdue||s.damaged>0||s.attempt?.result==="failed";if(s.attempt?.result==="failed"){let{at:l}=s.attempt;o.push(t.say("last_failed",{ago:t.format.relative(l)}))}return s.overdue&&o.push(t.say("overdue")),s.damaged&&o.push(t.count("count_damaged",s.damaged)),a`<span class=${r||!s.reachable?"bad":""}>${o.join(" · ")}</span>`}#a(e){let{words:t}=this,s=this.differences.get(e),i=this.names[0]?.title??"";return s==null?d:a`<span class="difference ${s?"":"faint"}"
      >${s?t.count("differences",s,{name:i}):t.say("differences_none",{name:i})}</span
    >`}async#r(e){if(!this.#s.has(e)){this.#s.add(e),this.requestUpdate();try{await new K(this.hass,e).backUp()}catch(t){let s=await this.words.error(t),i={id:`attempt-${e}`,isFailure:!0};ze(this,this.words.say("toast_failed",{reason:s}),i)}finally{this.#s.delete(e),this.requestUpdate()}}}};w("pihole-checkpoint-piholes",xt);var Ni=15e3,zi=["connection","language","localize","locale","user","config"],At=class extends A{static getConfigForm=es;static getStubConfig=ts;static properties={hass:{attribute:!1,hasChanged:Hi},preview:{type:Boolean},config:{state:!0},piholes:{state:!0},opened:{state:!0},words:{state:!0}};static styles=[$,f`
      ha-card {
        display: block;
        overflow: clip;
        block-size: 100%;
      }
      .back {
        padding: 8px 8px 0;
      }
      .back:dir(rtl) ha-icon {
        scale: -1 1;
      }
      .none {
        display: grid;
        justify-items: center;
        gap: 10px;
        padding: 28px var(--pc-pad) 32px;
        text-align: center;
      }
      .none p {
        margin: 0;
      }
      .logo {
        inline-size: 40px;
        block-size: 40px;
        --pc-way: #5b5bd6;
        --pc-flag: #e8590c;
      }
    `];#e;constructor(){super(),this.hass=void 0,this.preview=!1,this.config=null,this.piholes=null,this.opened=null,this.words=null}setConfig(e){this.config=Qt(e)}getCardSize(){return this.config?.layout==="compact"?2:4+Math.ceil((this.config?.rows??5)*1.5)}getGridOptions(){return this.config?.layout==="compact"?{columns:12,min_columns:6,rows:2,min_rows:2}:{columns:"full",min_columns:6,rows:"auto"}}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.#t()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#e)}get#s(){let e=this.piholes?.length===1?this.piholes[0]?.config_entry_id:null;return this.config?.entryId??this.opened??e??null}willUpdate(e){!e.has("hass")||!this.hass||(this.#n(this.hass),e.get("hass")?.connection!==this.hass.connection&&this.#t())}async#t(){if(clearTimeout(this.#e),!(!this.hass||this.config?.entryId)){try{this.#i(await Re(this.hass))}catch{}!this.isConnected||this.#s||(clearTimeout(this.#e),this.#e=setTimeout(()=>{this.#t()},Ni))}}#i(e){let t=this.#s;t&&e.some(({config_entry_id:s})=>s===t)||(this.piholes=e,this.opened=null)}async#n(e){let t=await de(e);(e===this.hass||!this.words)&&(this.words=t)}render(){let{hass:e,words:t,config:s}=this;return!e||!t||!s?d:a`<ha-card>${this.#o(e,t,s)}</ha-card>`}#o(e,t,s){let i=this.#s;return i?a`${this.opened?a`<div class="back">
                ${b(t.say("all_piholes"),()=>this.#a(null),{iconName:"arrow-left"})}
              </div>`:d}
        <pihole-checkpoint-pihole
          .hass=${e}
          .words=${t}
          .config=${s}
          .entryId=${i}
          .isPreview=${this.preview}
          @pihole-missing=${()=>{this.#t()}}
        ></pihole-checkpoint-pihole>`:this.piholes?.length?a`<pihole-checkpoint-piholes
        .hass=${e}
        .words=${t}
        .names=${this.piholes}
        .heading=${s.title}
        @pihole-opened=${o=>this.#a(o.detail)}
      ></pihole-checkpoint-piholes>`:a`<div class="none" role="status">
      ${W}
      <p>${t.say(this.piholes?"no_pihole":"loading")}</p>
      ${this.piholes&&e.user?.is_admin?a`<a href="/config/integrations/dashboard">${t.say("add_pihole")}</a>`:d}
    </div>`}#a(e){let t=this.opened;this.opened=e,e||this.#t(),this.updateComplete.then(()=>this.#r(t))}#r(e){let t=this.renderRoot.querySelector("pihole-checkpoint-piholes");e&&t?t.updateComplete.then(()=>t.focusPihole(e)):this.renderRoot.querySelector(".back .button")?.focus()}};function Hi(n,e){return!n||!e||zi.some(t=>n[t]!==e[t])}async function Di(){let n=Ee();n&&await de(n);let e=window.customCards?.find(({type:s})=>s===J),t=pe()?.find("card_description");e&&t&&(e.description=t)}w(J,At);window.customCards??=[];window.customCards.some(({type:n})=>n===J)||(window.customCards.push({type:J,name:"Pi-hole Checkpoint",description:"",preview:!0,getEntitySuggestion:ss}),Di());
