/**
 * @license
 * Copyright 2019 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var ge=globalThis,ye=ge.ShadowRoot&&(ge.ShadyCSS===void 0||ge.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Ue=Symbol(),xt=new WeakMap,se=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==Ue)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(ye&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=xt.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&xt.set(t,e))}return e}toString(){return this.cssText}},At=n=>new se(typeof n=="string"?n:n+"",void 0,Ue),m=(n,...e)=>{let t=n.length===1?n[0]:e.reduce((s,i,r)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+n[r+1],n[0]);return new se(t,n,Ue)},St=(n,e)=>{if(ye)n.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=ge.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,n.appendChild(s)}},je=ye?n=>n:n=>n instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return At(t)})(n):n;/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{is:Rs,defineProperty:Es,getOwnPropertyDescriptor:Ps,getOwnPropertyNames:Cs,getOwnPropertySymbols:Os,getPrototypeOf:Is}=Object,ve=globalThis,Tt=ve.trustedTypes,Ls=Tt?Tt.emptyScript:"",zs=ve.reactiveElementPolyfillSupport,ie=(n,e)=>n,We={toAttribute(n,e){switch(e){case Boolean:n=n?Ls:null;break;case Object:case Array:n=n==null?n:JSON.stringify(n)}return n},fromAttribute(n,e){let t=n;switch(e){case Boolean:t=n!==null;break;case Number:t=n===null?null:Number(n);break;case Object:case Array:try{t=JSON.parse(n)}catch{t=null}}return t}},Et=(n,e)=>!Rs(n,e),Rt={attribute:!0,type:String,converter:We,reflect:!1,useDefault:!1,hasChanged:Et};Symbol.metadata??=Symbol("metadata"),ve.litPropertyMetadata??=new WeakMap;var C=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=Rt){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&Es(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:r}=Ps(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let c=i?.call(this);r?.call(this,o),this.requestUpdate(e,c,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Rt}static _$Ei(){if(this.hasOwnProperty(ie("elementProperties")))return;let e=Is(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ie("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ie("properties"))){let t=this.properties,s=[...Cs(t),...Os(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(je(i))}else e!==void 0&&t.push(je(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return St(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let r=(s.converter?.toAttribute!==void 0?s.converter:We).toAttribute(t,s.type);this._$Em=e,r==null?this.removeAttribute(i):this.setAttribute(i,r),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let r=s.getPropertyOptions(i),o=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:We;this._$Em=i;let c=o.fromAttribute(t,r.type);this[i]=c??this._$Ej?.get(i)??c,this._$Em=null}}requestUpdate(e,t,s,i=!1,r){if(e!==void 0){let o=this.constructor;if(i===!1&&(r=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??Et)(r,t)||s.useDefault&&s.reflect&&r===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:r},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),r!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,r]of this._$Ep)this[i]=r;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,r]of s){let{wrapped:o}=r,c=this[i];o!==!0||this._$AL.has(i)||c===void 0||this.C(i,void 0,r,c)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};C.elementStyles=[],C.shadowRootOptions={mode:"open"},C[ie("elementProperties")]=new Map,C[ie("finalized")]=new Map,zs?.({ReactiveElement:C}),(ve.reactiveElementVersions??=[]).push("2.1.2");/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Fe=globalThis,Pt=n=>n,be=Fe.trustedTypes,Ct=be?be.createPolicy("lit-html",{createHTML:n=>n}):void 0,Ge="$lit$",O=`lit$${Math.random().toFixed(9).slice(2)}$`,qe="?"+O,Bs=`<${qe}>`,H=document,re=()=>H.createComment(""),oe=n=>n===null||typeof n!="object"&&typeof n!="function",Ke=Array.isArray,Nt=n=>Ke(n)||typeof n?.[Symbol.iterator]=="function",Ve=`[ 	
\f\r]`,ne=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ot=/-->/g,It=/>/g,N=RegExp(`>|${Ve}(?:([^\\s"'>=/]+)(${Ve}*=${Ve}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Lt=/'/g,zt=/"/g,Mt=/^(?:script|style|textarea|title)$/i,Ye=n=>(e,...t)=>({_$litType$:n,strings:e,values:t}),a=Ye(1),Ht=Ye(2),Ui=Ye(3),I=Symbol.for("lit-noChange"),d=Symbol.for("lit-nothing"),Bt=new WeakMap,M=H.createTreeWalker(H,129);function Dt(n,e){if(!Ke(n)||!n.hasOwnProperty("raw"))throw Error("invalid template strings array");return Ct!==void 0?Ct.createHTML(e):e}var Ut=(n,e)=>{let t=n.length-1,s=[],i,r=e===2?"<svg>":e===3?"<math>":"",o=ne;for(let c=0;c<t;c++){let l=n[c],p,f,h=-1,y=0;for(;y<l.length&&(o.lastIndex=y,f=o.exec(l),f!==null);)y=o.lastIndex,o===ne?f[1]==="!--"?o=Ot:f[1]!==void 0?o=It:f[2]!==void 0?(Mt.test(f[2])&&(i=RegExp("</"+f[2],"g")),o=N):f[3]!==void 0&&(o=N):o===N?f[0]===">"?(o=i??ne,h=-1):f[1]===void 0?h=-2:(h=o.lastIndex-f[2].length,p=f[1],o=f[3]===void 0?N:f[3]==='"'?zt:Lt):o===zt||o===Lt?o=N:o===Ot||o===It?o=ne:(o=N,i=void 0);let g=o===N&&n[c+1].startsWith("/>")?" ":"";r+=o===ne?l+Bs:h>=0?(s.push(p),l.slice(0,h)+Ge+l.slice(h)+O+g):l+O+(h===-2?c:g)}return[Dt(n,r+(n[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},ae=class n{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let r=0,o=0,c=e.length-1,l=this.parts,[p,f]=Ut(e,t);if(this.el=n.createElement(p,s),M.currentNode=this.el.content,t===2||t===3){let h=this.el.content.firstChild;h.replaceWith(...h.childNodes)}for(;(i=M.nextNode())!==null&&l.length<c;){if(i.nodeType===1){if(i.hasAttributes())for(let h of i.getAttributeNames())if(h.endsWith(Ge)){let y=f[o++],g=i.getAttribute(h).split(O),u=/([.?@])?(.*)/.exec(y);l.push({type:1,index:r,name:u[2],strings:g,ctor:u[1]==="."?_e:u[1]==="?"?$e:u[1]==="@"?ke:U}),i.removeAttribute(h)}else h.startsWith(O)&&(l.push({type:6,index:r}),i.removeAttribute(h));if(Mt.test(i.tagName)){let h=i.textContent.split(O),y=h.length-1;if(y>0){i.textContent=be?be.emptyScript:"";for(let g=0;g<y;g++)i.append(h[g],re()),M.nextNode(),l.push({type:2,index:++r});i.append(h[y],re())}}}else if(i.nodeType===8)if(i.data===qe)l.push({type:2,index:r});else{let h=-1;for(;(h=i.data.indexOf(O,h+1))!==-1;)l.push({type:7,index:r}),h+=O.length-1}r++}}static createElement(e,t){let s=H.createElement("template");return s.innerHTML=e,s}};function D(n,e,t=n,s){if(e===I)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,r=oe(e)?void 0:e._$litDirective$;return i?.constructor!==r&&(i?._$AO?.(!1),r===void 0?i=void 0:(i=new r(n),i._$AT(n,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=D(n,i._$AS(n,e.values),i,s)),e}var we=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??H).importNode(t,!0);M.currentNode=i;let r=M.nextNode(),o=0,c=0,l=s[0];for(;l!==void 0;){if(o===l.index){let p;l.type===2?p=new G(r,r.nextSibling,this,e):l.type===1?p=new l.ctor(r,l.name,l.strings,this,e):l.type===6&&(p=new xe(r,this,e)),this._$AV.push(p),l=s[++c]}o!==l?.index&&(r=M.nextNode(),o++)}return M.currentNode=H,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},G=class n{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=d,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=D(this,e,t),oe(e)?e===d||e==null||e===""?(this._$AH!==d&&this._$AR(),this._$AH=d):e!==this._$AH&&e!==I&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Nt(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==d&&oe(this._$AH)?this._$AA.nextSibling.data=e:this.T(H.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=ae.createElement(Dt(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let r=new we(i,this),o=r.u(this.options);r.p(t),this.T(o),this._$AH=r}}_$AC(e){let t=Bt.get(e.strings);return t===void 0&&Bt.set(e.strings,t=new ae(e)),t}k(e){Ke(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let r of e)i===t.length?t.push(s=new n(this.O(re()),this.O(re()),this,this.options)):s=t[i],s._$AI(r),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=Pt(e).nextSibling;Pt(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},U=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,r){this.type=1,this._$AH=d,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=r,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=d}_$AI(e,t=this,s,i){let r=this.strings,o=!1;if(r===void 0)e=D(this,e,t,0),o=!oe(e)||e!==this._$AH&&e!==I,o&&(this._$AH=e);else{let c=e,l,p;for(e=r[0],l=0;l<r.length-1;l++)p=D(this,c[s+l],t,l),p===I&&(p=this._$AH[l]),o||=!oe(p)||p!==this._$AH[l],p===d?e=d:e!==d&&(e+=(p??"")+r[l+1]),this._$AH[l]=p}o&&!i&&this.j(e)}j(e){e===d?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},_e=class extends U{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===d?void 0:e}},$e=class extends U{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==d)}},ke=class extends U{constructor(e,t,s,i,r){super(e,t,s,i,r),this.type=5}_$AI(e,t=this){if((e=D(this,e,t,0)??d)===I)return;let s=this._$AH,i=e===d&&s!==d||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,r=e!==d&&(s===d||i);i&&this.element.removeEventListener(this.name,this,s),r&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},xe=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){D(this,e)}},jt={M:Ge,P:O,A:qe,C:1,L:Ut,R:we,D:Nt,V:D,I:G,H:U,N:$e,U:ke,B:_e,F:xe},Ns=Fe.litHtmlPolyfillSupport;Ns?.(ae,G),(Fe.litHtmlVersions??=[]).push("3.3.3");var Wt=(n,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let r=t?.renderBefore??null;s._$litPart$=i=new G(e.insertBefore(re(),r),r,void 0,t??{})}return i._$AI(n),i};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var Je=globalThis,A=class extends C{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Wt(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return I}};A._$litElement$=!0,A.finalized=!0,Je.litElementHydrateSupport?.({LitElement:A});var Ms=Je.litElementPolyfillSupport;Ms?.({LitElement:A});(Je.litElementVersions??=[]).push("4.2.2");/**
 * @license
 * Copyright 2022 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var k="pihole_checkpoint";var Ae=["lists","domains","clients","groups","dns_hosts","cnames","static_leases","settings","files","leases"],Ze=["enabled","disabled","added","removed","changed","comment","groups","order"];var Hs=30,Ds=["settings","dhcp_leases","groups","lists","domains","clients"],q=class{#e;#s;constructor(e,t){this.#e=e,this.#s=t}async#t(e,t={}){let s={config_entry_id:this.#s,...t};return(await this.#e.callService(k,e,s,void 0,!1,!0)).response}#i(e,t={}){return this.#e.callWS({type:`${k}/${e}`,config_entry_id:this.#s,...t})}async backUp(){await this.#t("backup")}async delete(e){await this.#t("delete",{backup_id:e})}async verify(e){let{backups:t}=await this.#t("verify",{backup_id:e.id});return t[0]??e}async update(e,t){await this.#t("update",{backup_id:e,...t})}compare(e,{backupId:t,entryId:s}){return this.#t("compare",{backup_id:e,...t&&{other_backup_id:t},...s&&{other_config_entry_id:s}})}plan(e){return this.#t("restore",{...Vt(e),dry_run:!0})}restore(e,{plan:t,only:s,way:i,updateGravity:r}){return this.#t("restore",{...Vt(e),plan:t,...s&&{only:s},...i&&{way:i},...r!==void 0&&{update_gravity:r}})}undoRestore(e){return this.#t("undo_restore",{config_entry_id:e})}changes(e){return this.#i("changes",{backup_id:e})}contents(e,t,s){return this.#i("contents",{backup_id:e,limit:s,...t&&{search:t}})}async backups(){return(await this.#i("backups",{limit:200})).backups}async download(e){let t=[this.#s,e.id].map(encodeURIComponent).join("/"),{path:s}=await this.#e.callWS({type:"auth/sign_path",path:`/api/${k}/${t}`,expires:Hs}),i=document.createElement("a");i.href=this.#e.hassUrl?.(s)??s,i.download=e.filename,i.hidden=!0,document.body.append(i),i.click(),i.remove()}async upload(e){let t=new FormData;t.append("file",e);let s=await this.#e.fetchWithAuth("/api/file_upload",{method:"POST",body:t});if(!s.ok)throw new Error(`HTTP ${s.status}`);let{file_id:i}=await s.json();return this.#t("upload",{file:i})}};function Vt({source:n,backupId:e,target:t,isWhole:s=!1}){let i=n!==t;return{config_entry_id:t,backup_id:e,...i&&{source_config_entry_id:n},...!s&&{include:Ds},...!s&&i&&{settings:["*"]}}}async function Te(n){return(await n.callWS({type:`${k}/piholes`})).piholes}async function Ft(n){return(await n.callWS({type:`${k}/differences`})).piholes}function Re(){return document.querySelector("home-assistant")?.hass}async function Gt(n,e){return await(await window.loadCardHelpers?.())?.showConfirmationDialog(n,e)??!1}var Us=[[60,1,"second"],[3600,60,"minute"],[86400,3600,"hour"],[2592e3,86400,"day"],[31536e3,2592e3,"month"]],js=[1/0,365*86400,"year"],qt=["B","kilobyte","megabyte","gigabyte","terabyte"],Ws=5,Xe=new Map;function K(n,e){return Xe.has(n)||Xe.set(n,e()),Xe.get(n)}var Ee=class{locale;#e={};constructor(e){this.locale=Vs(e.locale?.language??e.language);let t=e.locale?.time_format;(t==="12"||t==="24")&&(this.#e.hour12=t==="12");let s=e.config?.time_zone;e.locale?.time_zone==="server"&&s&&(this.#e.timeZone=s)}time(e){let t={dateStyle:"medium",timeStyle:"short",...this.#e},s=`time ${this.locale} ${JSON.stringify(t)}`;return K(s,()=>new Intl.DateTimeFormat(this.locale,t)).format(new Date(e))}relative(e,t=Date.now()){let s=(new Date(e).getTime()-t)/1e3,[,i,r]=Us.find(([l])=>Math.abs(s)<l)??js,o=Math.abs(s)<Ws?0:Math.trunc(s/i);return K(`relative ${this.locale}`,()=>new Intl.RelativeTimeFormat(this.locale,{numeric:"auto"})).format(o,r)}relativeAlone(e,t=Date.now()){return this.begin(this.relative(e,t))}begin(e){return e.charAt(0).toLocaleUpperCase(this.locale)+e.slice(1)}number(e){return K(`number ${this.locale}`,()=>new Intl.NumberFormat(this.locale)).format(e)}size(e){let t=e,s=0;for(;t>=999.5&&s<qt.length-1;)t/=1e3,s+=1;if(s===0)return`${this.number(t)} B`;let i={style:"unit",unit:qt[s]??"terabyte",unitDisplay:"short",maximumFractionDigits:t<100?1:0},r=`size ${this.locale} ${JSON.stringify(i)}`;return K(r,()=>new Intl.NumberFormat(this.locale,i)).format(t)}plural(e){return K(`plural ${this.locale}`,()=>new Intl.PluralRules(this.locale)).select(e)}join(e){let t={type:"unit",style:"short"};return K(`list ${this.locale}`,()=>new Intl.ListFormat(this.locale,t)).format(e)}};function Vs(n){try{return Intl.getCanonicalLocales(n)[0]??"en"}catch{return"en"}}var Kt=3,Fs=/[\u202a-\u202e\u2066-\u2069]/g,le=class{format;#e;hass;constructor(e){this.hass=e,this.#e=e.localize,this.format=new Ee(e)}say(e,t={}){return this.find(e,t)??e}find(e,t={}){return this.#e(`component.${k}.common.${e}`,t)||void 0}count(e,t,s={}){let i={...s,count:this.format.number(t)};return this.find(`${e}_${this.format.plural(t)}`,i)??this.say(`${e}_other`,i)}stage(e){if(!e?.stage)return null;let t=Number(e.progress);return e.stage==="exporting"&&t>0?this.say("stage_exporting_size",{size:this.format.size(t)}):this.find(`stage_${e.stage}`)??e.stage}trigger(e){return this.find(`trigger_${e}`)??e}async error(e){if(e===Kt)return this.say("error_connection");let t=e??{},{translation_domain:s,translation_key:i}=t;if(s&&i){let r=await this.#s(s,i,t.translation_placeholders??{});if(r)return r}return t.error?.code===Kt?this.say("error_connection"):t.message??t.error?.message??this.say("error_unknown")}async remarks(e,t){return e.length?Promise.all(e.map(async({key:s,placeholders:i},r)=>await this.#s(k,s,i)??t[r]??s)):[...t]}async#s(e,t,s){try{return(await this.hass.loadBackendTranslation("exceptions",e))(`component.${e}.exceptions.${t}.message`,s)||void 0}catch{return}}};async function ce(n){try{await n.loadBackendTranslation("common",k)}catch{}}function de(){let n=Re();return n?new le(n):null}function $(n){return(n??"").replace(Fs,"�")}var Y="pihole-checkpoint-card",j={min:1,max:100,usual:5},Qe=["default","compact"];function Jt(n){let{config_entry_id:e,title:t,rows:s=j.usual,layout:i="default"}=n;if(!Yt(e)&&typeof e!="string")throw Pe("error_entry");if(!Yt(t)&&typeof t!="string")throw Pe("error_title");if(typeof s!="number"||!Number.isInteger(s)||s<j.min||s>j.max)throw Pe("error_rows",j);let r=Qe.find(o=>o===i);if(!r)throw Pe("error_layout",{names:Qe.join(", ")});return{entryId:typeof e=="string"&&e||null,title:typeof t=="string"?t:"",rows:s,layout:r}}function Yt(n){return n==null}function Pe(n,e={}){return new Error(de()?.say(n,e)??n)}async function Zt(){let n=de();n&&await ce(n.hass);let e=i=>n?.say(i)??i,t={config_entry_id:"option_pihole",title:"option_title",rows:"option_rows",layout:"option_layout"},s=Qe.map(i=>({value:i,label:e(`layout_${i}`)}));return{schema:[{name:"config_entry_id",selector:{config_entry:{integration:k}}},{name:"title",selector:{text:{}}},{name:"layout",default:"default",selector:{select:{options:s}}},{name:"rows",default:j.usual,selector:{number:{min:j.min,max:j.max,mode:"box"}}}],computeLabel:({name:i})=>e(t[i]??i)}}function Xt(){return{}}function Qt(n,e){let t=n.entities?.[e];if(t?.platform!==k)return null;let s=n.devices?.[t.device_id??""],i=s?.primary_config_entry??s?.config_entries?.[0];return{config:{type:`custom:${Y}`,...i&&{config_entry_id:i}}}}var _=m`
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
  .link {
    font: inherit;
    color: var(--pc-accent-ink);
    background: none;
    border: 0;
    padding: 8px;
    margin: -8px;
    cursor: pointer;
    text-align: start;
    font-weight: 500;
    border-radius: var(--pc-round);
  }
  .link:hover {
    background: var(--pc-hover);
  }
  .link[aria-disabled="true"] {
    opacity: 0.5;
    cursor: default;
  }
`,es=m`
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
`;var S=class extends A{static properties={view:{attribute:!1}};static styles=[_]};function w(n,e){customElements.get(n)||customElements.define(n,e)}function x(n){return a`<bdi class="outside">${$(n??"")}</bdi>`}function b(n,e=""){return a`<ha-icon class=${e} icon="mdi:${n}" aria-hidden="true"></ha-icon>`}function R(){return a`<span class="spinner" aria-hidden="true"></span>`}function Ce(n,e){return n?e():d}function v(n,e,t={}){let{looks:s="plain",iconName:i,isBusy:r=!1,isOff:o=!1,name:c=""}=t,l=r?R():i?b(i):null,p=()=>{!r&&!o&&e()};return a`<ha-button
    class=${`button ${c}`}
    appearance=${s==="filled"?"accent":"plain"}
    variant=${s==="danger"?"danger":"brand"}
    size="small"
    ?disabled=${o}
    data-busy=${String(r)}
    @click=${p}
    >${l?a`<span slot="start" class="button-start">${l}</span>`:""}${n}</ha-button
  >`}var Gs="block",ts=200;function L(n,e){let t=[...e].sort(Js).map(({subject:s,change:i,count:r})=>i==="order"?n.say(`change_${s}_order`):n.count(`change_${s}_${i}`,r));return n.format.begin(n.format.join(t))}function Oe(n,e){switch(e.compared){case"first":return n.say("changes_first");case"same":return n.say("changes_none");case"different":return L(n,e.headline??[]);default:return n.say("changes_unknown")}}function Ie(n,e){return Ae.flatMap(t=>[...Map.groupBy(e[t]??[],({item:i,kind:r,change:o})=>JSON.stringify([i,r??"",Ys(o)?o:"changed"])).values()].flatMap(i=>i[0]?[qs(n,t,i[0],i)]:[]))}function qs(n,e,t,s){return{subject:e,name:t.item,kind:t.kind??"",how:s.length>1?"changed":t.change,details:s.length===1&&Ks(t.change)?[]:s.flatMap(i=>ns(n,e,i))}}function pe(n,e){let t=e.details.flatMap(s=>ns(n,e.subject,s));return{subject:e.subject,name:e.item,kind:e.kind,how:e.change,details:t}}function is(n,e){if(e.subject==="settings")return[W(n,e.value??null)];let t=[et(n,e.kind??"")];return e.enabled===!1&&t.push(n.say("detail_disabled")),e.comment&&t.push(e.comment),e.groups?.length&&t.push(n.say("in_groups",{groups:W(n,e.groups)})),t.filter(Boolean).map($)}function J(n,e){return $(e.name)||n.say(`subject_${e.subject}`)}function et(n,e){return e&&e!==Gs?$(n.find(`kind_${e}`)??e):""}function Ks(n){return n==="enabled"||n==="disabled"}function Ys(n){return n==="added"||n==="removed"||n==="order"}function ns(n,e,t){let{change:s,old:i=null,new:r=null}=t;switch(s){case"enabled":case"disabled":return[n.say(`detail_${s}`)];case"groups":return[n.say("detail_groups",{groups:W(n,r)})];case"comment":{if(e==="clients"&&(i===null||r===null))return[W(n,r??i)];let o=e==="groups"?"label_description":"label_comment";return[n.say("item_with_details",{item:n.say(o),details:ss(n,i,r)})]}case"changed":return e!=="settings"||i===null&&r===null?[]:[ss(n,i,r)];case"added":case"removed":{let o=r??i;return o===null?[]:[W(n,o)]}default:return[]}}function ss(n,e,t){return n.say("from_to",{old:W(n,e),new:W(n,t)})}function W(n,e){if(e===null||e===""||Array.isArray(e)&&!e.length)return n.say("value_nothing");if(typeof e=="boolean")return n.say(e?"value_on":"value_off");let t=$(Array.isArray(e)?e.map(String).join(", "):String(e));return t.length>ts?`${t.slice(0,ts-1)}…`:t}function Js(n,e){return Ae.indexOf(n.subject)-Ae.indexOf(e.subject)||Ze.indexOf(n.change)-Ze.indexOf(e.change)}var rs="–",V=a`<svg class="logo" viewBox="0 0 256 256" aria-hidden="true">
  ${Ht`<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-way)">
    <path stroke-width="30" d="M41 120A98 98 0 1 1 74 202" />
    <path stroke-width="16" fill="var(--pc-way)" d="M12 120H70L41 160Z" />
  </g>
  <g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke="var(--pc-flag)">
    <path stroke-width="22" d="M111 74V186" />
    <path stroke-width="18" fill="var(--pc-flag)" d="M113 76L194 108L113 140Z" />
  </g>`}
</svg>`,st=class extends S{static properties={...S.properties,isPressed:{type:Boolean}};static styles=[_,m`
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
        ${V}
        <div class="who">
          <h2 dir="auto">${t||e.say("card_name")}</h2>
          ${Ce(i,()=>i?this.#s(i):"")}
        </div>
        ${Ce(i,()=>it(this.view,this.isPressed,()=>this.#e()))}
      </div>
      <div class="notices">${nt(this.view).map(Zs)}</div>
      ${Ce(i,()=>i?this.#t(i):"")}
    `}#e(){this.dispatchEvent(new CustomEvent("back-up",{bubbles:!0,composed:!0}))}#s(e){let{words:t}=this.view,s=Xs(e.url),i=s?s.host+s.pathname.replace(/\/$/,""):e.url;return a`<div class="where">
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
    </div>`}#t(e){let{words:t}=this.view,{format:s}=t,i=e.count!==null,r=e.last_change,o=e.last_backup,c=e.next_run,l=e.free_space;return a`<dl>
      ${tt("last-backup",t.say("last_backup"),o?s.relativeAlone(o):i?t.say("never"):rs,r?t.say("last_change",{ago:s.relative(r.at)}):"",r?L(t,r.headline??[]):"")}
      ${tt("next-backup",t.say("next_backup"),c?s.relativeAlone(c):t.say("not_scheduled"),c?s.time(c):"")}
      ${tt("storage",t.say("storage"),i?s.size(e.storage_used??0):rs,l===null?"":t.say("storage_free",{size:s.size(l)}))}
    </dl>`}};function tt(n,e,t,s,i=""){return a`<div class=${`fact ${n}`}>
    <dt>${e}</dt>
    <dd class="value">${t}</dd>
    ${s?a`<dd class="more" title=${i||d}>${s}</dd>`:d}
  </div>`}function it({words:n,feed:e,isReady:t},s,i){let{pihole:r}=e,o=s||(r?.running??!1),c=n.stage(r)??(o?n.say("stage_starting"):null);return v(c??n.say("backup_now"),i,{looks:"filled",iconName:"backup-restore",isBusy:c!==null,isOff:!t,name:"backup-now"})}function Zs({kind:n,text:e,reason:t}){return a`<div class=${`notice ${n}`}>
    ${b("alert-circle-outline",n==="error"?"bad":"warn")}
    <div>${e}${t?a`<div class="reason">${x(t)}</div>`:d}</div>
  </div>`}function nt({words:n,feed:e}){let{pihole:t,phase:s}=e;if(!t)return[];if(!e.online)return[{kind:"warning",text:n.say("offline")}];if(s==="unloaded")return[{kind:"warning",text:n.say("not_loaded")}];if(s==="failed"){let r=e.problem?.message??"";return[{kind:"error",text:n.say("load_failed",{reason:r})}]}let i=[];if(t.available||i.push({kind:"error",text:n.say("unavailable"),reason:t.storage_message}),t.attempt?.result==="failed"){let{at:r,message:o}=t.attempt,c=n.say("last_failed",{ago:n.format.relative(r)});i.push({kind:"error",text:c,reason:o})}return t.overdue&&i.push({kind:"warning",text:n.say("overdue")}),i}function Xs(n){let e=URL.parse(n);return e&&["http:","https:"].includes(e.protocol)?e:null}w("pihole-checkpoint-header",st);var Le=class{#e;#s;constructor(e){this.#e=e}watch(e){if(!e?.running){this.forget();return}let{deadline:t}=e;this.#s!==void 0||!t||(this.#s=setTimeout(()=>this.#e(t),(t+1)*1e3))}forget(){clearTimeout(this.#s),this.#s=void 0}};var os=m`
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
`;var T=class extends S{static properties={...S.properties,busy:{state:!0},problem:{state:!0}};static styles=[_,es,os];constructor(){super(),this.busy=null,this.problem=null}about(){return""}isKept(){return!1}render(){let e=this.about();return a`<dialog
      aria-labelledby="heading"
      aria-busy=${String(this.busy!==null)}
      @close=${()=>this.#s()}
      @click=${t=>this.#t(t)}
      @keydown=${Qs}
    >
      <div class="box">
        <div class="title"><h2 id="heading" tabindex="-1">${this.heading()}</h2></div>
        ${e?a`<div class="about">${e}</div>`:d}
        <div class="body">${this.body()}</div>
        <div class="status" role="status">${this.#e()}</div>
        <div class="buttons">${this.buttons()}</div>
      </div>
    </dialog>`}#e(){return this.busy!==null?a`<div class="state">${R()}<span>${this.busy}</span></div>`:this.problem===null?d:a`<div class="state bad">
      ${b("alert-circle-outline")}<span>${x(this.problem)}</span>
    </div>`}firstUpdated(e){this.dialog?.showModal(),this.focusHeading()}get dialog(){return this.renderRoot.querySelector("dialog")}focusHeading(){this.renderRoot.querySelector("h2")?.focus({preventScroll:!0})}close(){this.dialog?.close()}#s(){this.dispatchEvent(new CustomEvent("checkpoint-closed"))}#t(e){let{dialog:t}=this;if(!t||e.target!==t||this.isKept())return;let{left:s,right:i,top:r,bottom:o}=t.getBoundingClientRect(),{clientX:c,clientY:l}=e;(c<s||c>i||l<r||l>o)&&this.close()}async attempt(e,t){if(this.busy!==null)return null;this.busy=e,this.problem=null;try{return await t()}catch(s){return this.problem=await this.view.words.error(s),null}finally{this.busy=null}}};function Qs(n){n.key.length===1&&n.stopPropagation()}var ei={added:"plus",removed:"minus"},Z=m`
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
`;function ti(n,e){return n.say(`subject_${e}`)}function P(n,e,t,s=()=>d){return[...Map.groupBy(e,({subject:r})=>r)].map(([r,o])=>a`<div class="group">
          ${s(r,o)}<span id=${`group-${r}`}
            >${ti(n,r)} <span class="faint">${o.length}</span></span
          >
        </div>
        <ul class="lines" aria-labelledby=${`group-${r}`}>
          ${o.map(c=>a`<li class="line">${t(c)}</li>`)}
        </ul>`)}function X(n,e,t=d){return a`${b(ei[e.how]??"pencil-outline")}
    <div class="what">
      <bdi>${J(n,e)}</bdi>
      <span class="faint">${he(n,e,`was_${e.how}`)}</span>
    </div>
    ${t}`}function he(n,e,t){return[et(n,e.kind),n.say(t),...e.details].filter(Boolean).join(" · ")}var F="live",as=40,rt=class extends T{static properties={...T.properties,backup:{attribute:!1},backups:{state:!0},piholes:{state:!0},choice:{state:!0},result:{state:!0}};static styles=[...T.styles,Z,m`
      .bring-back {
        flex: none;
      }
    `];constructor(){super(),this.backups=[],this.piholes=[],this.choice=F,this.result=null}firstUpdated(e){super.firstUpdated(e),this.#e()}async#e(){let{actions:e,words:t,feed:s}=this.view;await this.attempt(t.say("comparing"),async()=>{let[i,r]=await Promise.all([e.backups(),this.view.piholes()]);this.backups=i.filter(({id:o,status:c})=>o!==this.backup.id&&c==="good"),this.piholes=r.filter(({config_entry_id:o})=>o!==s.entryId),this.choice=this.backups.find(o=>ri(o,this.backup))?.id??F}),this.problem||await this.#s()}async#s(){let{actions:e,words:t}=this.view,{choice:s}=this;this.result=null,await this.attempt(t.say("comparing"),async()=>{this.result=await e.compare(this.backup.id,si(s))}),this.choice!==s&&await this.#s()}heading(){return this.view.words.say("compare_title")}about(){let{words:e}=this.view;return e.say("backup_of",{time:e.format.time(this.backup.created_at)})}body(){let{words:e}=this.view;return a`<label class="field"
        >${e.say("compare_with")}
        <select @change=${t=>this.#r(t)}>
          <option value=${F} ?selected=${this.choice===F}>
            ${e.say("compare_live")}
          </option>
          ${this.backups.map(t=>a`<option value=${t.id} ?selected=${t.id===this.choice}>
                ${this.#n(t)}
              </option>`)}
          ${this.piholes.map(({config_entry_id:t,title:s})=>{let i=`pihole:${t}`;return a`<option value=${i} ?selected=${i===this.choice}>
              ${e.say("compare_pihole",{name:$(s)})}
            </option>`})}
        </select>
      </label>
      <div class="result">${this.result?this.#t(this.result):d}</div>`}#t(e){let{words:t,isReady:s}=this.view,i=Ie(t,e.changes);if(!i.length)return a`<p class="same">${t.say("compare_same")}</p>`;let r=this.#i(e),o=c=>r&&ni(c)?v(t.say("bring_back"),()=>this.view.open({kind:"restore",backup:r,wanted:{subject:c.subject,name:c.name,kind:c.kind}}),{isOff:!s,name:"bring-back"}):d;return a`<p class="faint">${t.say(ii(this.choice))}</p>
      ${P(t,i,c=>X(t,c,o(c)))}`}#i({from:e,to:t}){if(this.choice===F)return this.backup;if(e.config_entry_id!==t.config_entry_id)return null;let s=i=>this.backups.find(r=>r.id===i);return e.backup_id===this.backup.id?this.backup:s(e.backup_id)??null}buttons(){return v(this.view.words.say("close"),()=>this.close())}#r(e){this.choice=e.target.value,this.busy===null&&this.#s()}#n({created_at:e,note:t,trigger:s}){let{words:i}=this.view,r=$(t??"")||i.trigger(s),o=r.length>as?`${r.slice(0,as-1)}…`:r;return`${i.format.time(e)} · ${o}`}};function si(n){return n===F?{}:n.startsWith("pihole:")?{entryId:n.slice(7)}:{backupId:n}}function ii(n){return n===F?"compare_hint_live":n.startsWith("pihole:")?"compare_hint_pihole":"compare_hint_other"}function ni({subject:n}){return n!=="files"}function ri(n,e){return Date.parse(n.created_at)<Date.parse(e.created_at)}w("pihole-checkpoint-compare",rt);var ls=50,ot=200,ai=250,at=class extends T{static properties={...T.properties,backup:{attribute:!1},changes:{state:!0},contents:{state:!0},limit:{state:!0},isLoading:{state:!0}};static styles=[...T.styles,Z,m`
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
    `];#e="";#s;#t=null;constructor(){super(),this.changes=null,this.contents=null,this.limit=ls,this.isLoading=!0}get#i(){return this.view.feed.find(this.backup.id)??this.backup}firstUpdated(e){super.firstUpdated(e),this.view.isAdmin&&this.#r()}async#r(){try{this.changes=await this.view.actions.changes(this.backup.id),this.backup.status==="good"&&await this.#n()}catch(e){this.problem=await this.view.words.error(e)}this.isLoading=!1}async#n(){this.contents=await this.view.actions.contents(this.backup.id,this.#e,this.limit)}heading(){return Oe(this.view.words,this.#i)}about(){let{format:e}=this.view.words,t=this.backup.created_at;return`${e.time(t)} · ${e.relative(t)}`}body(){let{isAdmin:e}=this.view;return a`${e?this.#a():d} ${this.#o()} ${this.#l()}
    ${e?a`${this.#p()} ${this.#h()}`:d}`}buttons(){return v(this.view.words.say("close"),()=>this.close())}#a(){let{words:e,isReady:t}=this.view,s=this.#i,i=(o,c,l,p=!0)=>p?v(e.say(o),l,{iconName:c,isOff:!t,name:`act-${o}`}):d,r=s.status==="good";return a`<div class="do">
      ${i("restore","backup-restore",()=>this.view.open({kind:"restore",backup:s}),r)}
      ${i("compare","compare",()=>this.view.open({kind:"compare",backup:s}),r)}
      ${i("download","download",()=>{this.#u()},s.status!=="missing")}
      ${i(s.pinned?"unpin":"pin",s.pinned?"pin-off":"pin",()=>{this.#y()})}
      ${i("verify","shield-check-outline",()=>{this.#m()})}
      ${i("copy_id","content-copy",()=>{this.#f()})}
      ${i("delete","delete-outline",()=>{this.#b()})}
    </div>`}#o(){let{words:e}=this.view;if(!this.changes)return d;let{changes:t,left_out:s}=this.changes,i=Ie(e,t);return i.length?a`<h3>${e.say("details_changes")}</h3>
      ${P(e,i,r=>X(e,r))}
      ${s.length?a`<p class="faint">${e.say("and_more",{what:L(e,s)})}</p>`:d}`:d}#l(){let{words:e}=this.view,t=this.#i,s=(i,r)=>a`<dt>${e.say(i)}</dt>
        <dd>${r}</dd>`;return a`<dl>
      ${t.status==="good"?d:s("column_status",a`<span class="bad">${e.say(`status_${t.status}`)}</span>`)}
      ${s("column_trigger",e.trigger(t.trigger))}
      ${t.confirmed_at?s("confirmed",e.format.time(t.confirmed_at)):d}
      ${s("column_filename",x(t.filename))}
      ${s("column_size",e.format.size(t.file_size))}
      ${s("checksum",a`<span class="mono">${t.sha256}</span>`)}
      ${s("backup_id",a`<span class="mono id">${t.id}</span>`)}
      ${t.note&&!this.view.isAdmin?s("note_title",x(t.note)):d}
    </dl>`}#p(){let{words:e,isReady:t}=this.view,{note:s}=this.#i,i=this.#t!==null&&this.#t!==(s??""),r=o=>{this.#t=o.target.value,this.requestUpdate()};return a`<label class="field"
        >${e.say("note_title")}
        <textarea
          rows="2"
          maxlength=${2e3}
          dir="auto"
          .value=${this.#t??s??""}
          placeholder=${e.say("note_label")}
          @input=${r}
        ></textarea>
      </label>
      ${i?v(e.say("save"),()=>{this.#g()},{looks:"filled",isOff:!t,name:"save-note"}):d}`}#h(){let{words:e}=this.view,{contents:t}=this;if(!t)return this.isLoading?a`<p class="state">${R()}<span>${e.say("loading_details")}</span></p>`:d;let s=Object.entries(t.counts).filter(([,r])=>r>0).map(([r,o])=>e.count(`count_${r}`,o)),i=Object.values(t.found).reduce((r,o)=>r+o,0);return a`<h3>${e.say("column_contents")}</h3>
      <p class="counts faint">${e.format.join(s)}</p>
      <input
        type="search"
        aria-label=${e.say("search_contents")}
        placeholder=${e.say("search_contents")}
        @input=${r=>this.#d(r.target.value)}
      />
      <div class="found" aria-live="polite">
        ${i===0?a`<p class="faint">${e.say("nothing_found")}</p>`:d}
        ${P(e,t.items,r=>a`<div class="what">
              <bdi>${J(e,{subject:r.subject,name:r.item})}</bdi>
              <span class="faint">${is(e,r).join(" · ")}</span>
            </div>`)}
        ${i>t.items.length&&this.limit<ot?v(e.say("show_more"),()=>{this.limit=ot,this.#c()}):d}
        ${i>t.items.length&&this.limit>=ot?a`<p class="faint">
                ${e.say("shown_of",{shown:e.format.number(t.items.length),total:e.format.number(i)})}
              </p>`:d}
      </div>`}#d(e){this.#e=e.trim(),this.limit=ls,clearTimeout(this.#s),this.#s=setTimeout(()=>{this.#c()},ai)}async#c(){try{await this.#n()}catch(e){this.problem=await this.view.words.error(e)}}async#u(){await this.#v(()=>this.view.actions.download(this.backup))}async#y(){let{actions:e,words:t,toast:s}=this.view,i=!this.#i.pinned;await this.#v(()=>e.update(this.backup.id,{pinned:i})),this.problem||s(t.say(i?"toast_pinned":"toast_unpinned"),{id:"pin"})}async#m(){let{actions:e,words:t,toast:s}=this.view,i=await this.#v(()=>e.verify(this.backup));if(!i)return;let r=i.status==="good";s(t.say(r?"toast_verified":"toast_not_verified"),{id:`verified-${this.backup.id}`,isFailure:!r})}async#f(){let{words:e,toast:t}=this.view;try{await navigator.clipboard.writeText(this.backup.id),t(e.say("toast_copied"),{id:"copied"})}catch{let s=this.renderRoot.querySelector(".id");s&&getSelection()?.selectAllChildren(s)}}async#g(){let{actions:e,words:t,toast:s}=this.view,i=this.#t?.trim()??"";await this.#v(()=>e.update(this.backup.id,{note:i})),!this.problem&&(this.#t=null,s(t.say("toast_noted"),{id:"note"}))}async#b(){let{actions:e,words:t,toast:s,feed:i}=this.view,r=this.#i,o=i.pihole?.count===1&&r.status==="good",c=[t.say("delete_text"),r.pinned?t.say("delete_pinned"):"",o?t.say("delete_last"):""];await Gt(this,{title:t.say("delete_title"),text:c.filter(Boolean).join(" "),confirmText:t.say("delete_now"),dismissText:t.say("cancel"),destructive:!0})&&(await this.#v(()=>e.delete(r.id)),!this.problem&&(this.close(),s(t.say("toast_deleted",{time:t.format.time(r.created_at)}),{id:`deleted-${r.id}`})))}#v(e){return this.attempt(this.view.words.say("one_moment"),e)}};w("pihole-checkpoint-details",at);var li="permission",ci="restart",di="gravity";var pi=new Set(["remark_forced_settings","remark_unknown_settings","remark_read_only","remark_own_settings","remark_machine_settings","remark_locking_settings","remark_app_sudo_stays","remark_kept_groups","remark_default_group","remark_brought_groups","remark_refused","remark_gravity_complained"]);function me({needs:n}){return!n.includes(li)}function cs(n,{isElsewhere:e,wanted:t}){let s=t?i=>i.subject===t.subject&&i.item===t.name&&i.kind===t.kind:i=>i.subject!=="leases"&&!(e&&i.of_machine);return new Set(n.filter(i=>me(i)&&s(i)).map(({id:i})=>i))}function lt(n,e,t=!1){if(t)return n.ways.length>1?n.ways.map(({way:i})=>i):[];let s=n.ways.some(({way:i})=>i==="import");return e.size<=150||!s||ct(n.items,e)?[]:e.size>200?["import","live"]:["live","import"]}function ds({key:n}){return!pi.has(n)}function ct(n,e){return n.some(({id:t,needs:s})=>e.has(t)&&s.includes(ci))}function dt(n,e){return n.some(({id:t,needs:s})=>e.has(t)&&s.includes(di))}function ps({items:n,more_items:e=[]}){let t=n.filter(({outcome:s})=>s==="done").length;return e.reduce((s,{outcome:i,count:r})=>s+(i==="done"?r:0),t)}function pt({items:n,more_items:e=[]}){let t=new Map,s=[...n.map(({subject:i,change:r})=>({subject:i,change:r,count:1})),...e];for(let{subject:i,change:r,count:o}of s){let c=`${i} ${r}`,l=t.get(c)?.count??0;t.set(c,{subject:i,change:r,count:l+o})}return[...t.values()]}var ue=["check","back_up","apply","verify"],hi={storing:"back_up",applying:"apply",importing:"apply",restarting:"apply",updating_gravity:"apply",proving:"verify"};function hs(n,e){let t=hi[e??""]??"check";return ue.indexOf(t)>ue.indexOf(n)?t:n}var z=class extends T{static properties={...T.properties,phase:{state:!0},step:{state:!0},answer:{state:!0},remarks:{state:!0},canTakeBack:{attribute:!1}};static styles=[...T.styles,Z,m`
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
    `];constructor(){super(),this.phase="asking",this.step="check",this.answer=null,this.remarks=[],this.canTakeBack=!1}get isShowingRestore(){return this.phase!=="asking"&&(this.dialog?.open??!1)}async run(e){let{words:t}=this.view;this.phase="running",this.step="check",this.problem=null,this.focusHeading();try{let s=await e();this.remarks=await this.remarksOf(s),this.answer=s,this.phase="done"}catch(s){this.problem=await t.error(s),this.phase="failed"}await this.updateComplete,this.focusHeading()}remarksOf({remark_details:e,remarks:t}){return this.view.words.remarks((e??[]).filter(ds),e?[]:t)}willUpdate(e){this.phase==="running"&&(this.step=hs(this.step,this.#e))}get#e(){let{pihole:e,entryId:t}=this.view.feed;return this.target===t?e?.stage??null:null}runningBody(){let{words:e,feed:t}=this.view,s=ue.indexOf(this.step),i=this.#e==="updating_gravity"?t.pihole?.progress:null,r=this.#e?e.find(`stage_${this.#e}`)??"":"";return a`<ol class="steps">
        ${ue.map((o,c)=>{let l=c<s?"done":c===s?"now":"later",p=l==="done"?b("check","good"):l==="now"?R():"";return a`<li data-state=${l}>
            <span class="sign">${p}</span><span>${e.say(`step_${o}`)}</span>
            ${l==="now"&&r?a`<span class="faint stage">${r}</span>`:d}
          </li>`})}
      </ol>
      <p class="faint progress">${i?x(String(i)):d}</p>
      <p class="faint">${e.say("restoring_hint")}</p>
      <span class="unseen" role="status">${e.say(`step_${this.step}`)}</span>`}resultBody(e){let{words:t}=this.view,s=e.items.filter(({outcome:p})=>p==="done"),i=e.items.filter(({outcome:p})=>p!=="done"),r=e.proven!==!1&&!i.length,o=r?"restored_verified":"restored_unverified",c=e.items.length?t.count(o,ps(e)):t.say("restored_nothing"),l=ui(e);return a`<p class=${`outcome ${r?"good":"warn"}`}>
        ${b(r?"check-circle-outline":"alert-circle-outline")}<span>${c}</span>
      </p>
      ${this.remarks.length?a`<ul class="remarks">
              ${this.remarks.map(p=>a`<li>${x(p)}</li>`)}
            </ul>`:d}
      ${l?a`<details>
              <summary>${t.say("pihole_output")}</summary>
              <pre dir="ltr">${$(l)}</pre>
            </details>`:d}
      ${i.length?a`<h3>${t.say("restored_not")}</h3>
              ${P(t,i,p=>this.#s(p))}`:d}
      ${s.length?a`<h3>${t.say("restored_changed")}</h3>
              ${P(t,s,p=>X(t,pe(t,p)))}`:d}`}#s(e){let{words:t}=this.view,s=pe(t,e),i=e.reason?$(e.reason):"",r=t.say(`outcome_${e.outcome??"unknown"}`,{reason:i});return a`${b("alert-circle-outline","warn")}
      <div class="what">
        <bdi>${$(s.name)}</bdi
        ><span class="faint">${he(t,s,`will_${s.how}`)}</span>
        <span class="warn">${r}</span>
      </div>`}closeButton(){return v(this.view.words.say("close"),()=>this.close())}takeBackButton(e){if(!(this.phase==="done"?this.answer?.safety_backup:this.canTakeBack))return d;let s=this.target;return v(this.view.words.say(e),()=>this.view.open({kind:"undo",entryId:s,isDecided:!0}),{iconName:e})}heading(){let{words:e}=this.view;return this.phase==="failed"?e.say("restore_failed_title"):this.phase==="done"?this.doneTitle:this.askingTitle()}};function ui({remark_details:n}){return(n??[]).map(({placeholders:e})=>e.complaints??"").join(`
`).trim()}var ut=class extends z{static properties={...z.properties,backup:{attribute:!1},wanted:{attribute:!1},piholes:{state:!0},chosenTarget:{state:!0},plan:{state:!0},chosen:{state:!0},way:{state:!0},gravity:{state:!0},planRemarks:{state:!0},isWhole:{state:!0}};static styles=[...z.styles,m`
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
    `];constructor(){super(),this.wanted=void 0,this.piholes=[],this.chosenTarget=null,this.plan=null,this.chosen=new Set,this.way=null,this.gravity=null,this.planRemarks=[],this.isWhole=!1}get target(){return this.chosenTarget??this.view.feed.entryId}get#e(){return this.target!==this.view.feed.entryId}get#s(){let{entryId:e}=this.view.feed;return{source:e,backupId:this.backup.id,target:this.target,isWhole:this.isWhole}}get doneTitle(){return this.view.words.say("restored_title")}askingTitle(){return this.view.words.say("restore_title")}isKept(){return this.phase==="running"}firstUpdated(e){super.firstUpdated(e),this.#t(),this.view.piholes().then(t=>{this.piholes=t},()=>{})}async#t(){let{actions:e,words:t}=this.view;this.isWhole=!1;let s=this.#s;this.plan=null,await this.attempt(t.say("previewing"),async()=>{let i=await e.plan(s);i.more_items?.length&&(this.isWhole=!0,i=await e.plan({...s,isWhole:!0})),this.planRemarks=await this.remarksOf(i),this.plan=i,this.chosen=cs(i.items,{isElsewhere:s.source!==s.target,wanted:this.wanted}),this.way=null}),this.target!==s.target&&await this.#t()}about(){let{words:e}=this.view,t=e.format.time(this.backup.created_at);return a`${e.say("backup_of",{time:t})}`}body(){return this.phase==="running"?this.runningBody():this.phase==="done"&&this.answer?this.resultBody(this.answer):this.phase==="failed"?d:a`${this.#i()} ${this.plan?this.#r(this.plan):d}`}#i(){let{words:e}=this.view;if(this.piholes.length<2)return d;let t=s=>{this.chosenTarget=s.target.value,this.busy===null&&this.#t()};return a`<label class="field"
      >${e.say("restore_to")}
      <select class="target" @change=${t}>
        ${this.piholes.map(({config_entry_id:s,title:i})=>a`<option value=${s} ?selected=${s===this.target}>${$(i)}</option>`)}
      </select>
    </label>`}#r(e){let{words:t}=this.view;if(!e.items.length)return a`<p class="state same">
          ${b("check-circle-outline","good")}<span>${t.say("preview_nothing")}</span>
        </p>
        ${this.#l(e.left_out)}`;let s=e.items.some(i=>!me(i));return a`${s?a`<p class="state permission">
              ${b("lock-outline","warn")}<span>${t.say("needs_permission_hint")}</span>
            </p>`:d}
      <p>${t.say(this.#e?"plan_title_elsewhere":"plan_title")}</p>
      ${this.isWhole?a`<p class="whole">${L(t,pt(e))}</p>`:P(t,e.items,i=>this.#n(i),(i,r)=>this.#a(i,r))}
      ${this.#l(e.left_out)} ${this.#p(e)}`}#n(e){let{words:t}=this.view,s=pe(t,e),i=!me(e),r=e.needs.filter(o=>o!=="gravity").map(o=>t.say(`need_${o}`));return a`<label class="change" ?data-off=${i} data-id=${e.id}>
      <input
        type="checkbox"
        .checked=${this.chosen.has(e.id)}
        ?disabled=${i}
        @change=${o=>this.#o([e],ht(o))}
      />
      <span class="what"
        ><bdi>${J(t,s)}</bdi>
        <span class="faint">${he(t,s,`will_${s.how}`)}</span>
        ${e.brought?a`<span class="faint">${t.say("brought")}</span>`:d}
        ${r.map(o=>a`<span class="needs">${o}</span>`)}</span
      >
    </label>`}#a(e,t){let s=t.filter(me);if(t.length<2||!s.length)return d;let i=s.filter(({id:r})=>this.chosen.has(r)).length;return a`<input
      type="checkbox"
      aria-labelledby=${`group-${e}`}
      .checked=${i===s.length}
      .indeterminate=${i>0&&i<s.length}
      @change=${r=>this.#o(s,ht(r))}
    />`}#o(e,t){let s=new Set(this.chosen);for(let{id:i}of e)t?s.add(i):s.delete(i);this.chosen=s}#l(e){let{words:t}=this.view;return e.length?a`<details class="left-out">
      <summary>${t.count("left_out",e.length)}</summary>
      ${P(t,e,s=>a`<div class="what">
            <bdi>${$(s.item)}</bdi>
            <span class="faint">${t.say(`left_out_${s.reason}`)}</span>
          </div>`)}
    </details>`:d}#p(e){let{words:t}=this.view,s=lt(e,this.chosen,this.isWhole),i=this.#d(e,s);return a`${s.length?this.#h(s):d}
    ${!this.isWhole&&dt(e.items,this.chosen)?a`<label class="choice">
            <input
              type="checkbox"
              class="gravity"
              .checked=${this.gravity??!0}
              @change=${r=>{this.gravity=ht(r)}}
            /><span
              >${t.say("restore_gravity")}
              <span class="faint">${t.say("restore_gravity_hint")}</span></span
            >
          </label>`:d}
    ${this.planRemarks.length?a`<ul class="remarks">
            ${this.planRemarks.map(r=>a`<li>${x(r)}</li>`)}
          </ul>`:d}
    ${this.chosen.size?a`<p class="state what-happens">
            ${b(i?"restart-alert":"shield-check-outline",i?"warn":"good")}
            <span>${t.say(i?"restore_restarts":"restore_stays")}</span>
          </p>`:d}`}#h(e){let{words:t}=this.view;return a`<fieldset>
      <legend>${t.say("way_title")}</legend>
      ${e.map(s=>a`<label class="choice">
            <input
              type="radio"
              name="way"
              .checked=${this.#c(e)===s}
              @change=${()=>{this.way=s}}
            /><span>${t.say(`way_${s}`)}</span>
          </label>`)}
    </fieldset>`}#d(e,t){return this.#c(t)==="import"?!0:this.isWhole?e.ways[0]?.restarts??!1:ct(e.items,this.chosen)}#c(e){return e.find(t=>t===this.way)??e[0]??null}buttons(){let{words:e,isReady:t}=this.view;if(this.phase==="running")return this.closeButton();if(this.phase!=="asking")return a`${this.takeBackButton("undo")} ${this.closeButton()}`;if(!this.plan?.items.length)return this.closeButton();let s=this.isWhole?pt(this.plan).reduce((i,{count:r})=>i+r,0):this.chosen.size;return a`${v(e.say("cancel"),()=>this.close())}
    ${v(e.count("restore_changes",s),()=>this.#u(),{looks:"filled",isOff:!t||!this.chosen.size||this.busy!==null,name:"restore-now"})}`}#u(){let{plan:e}=this;if(!e)return;let t=this.#s,s=e.items.map(({id:l})=>l).filter(l=>this.chosen.has(l)),i=(this.gravity??!0)&&dt(e.items,this.chosen),r=this.isWhole?{}:{only:s,updateGravity:i},o=this.#c(lt(e,this.chosen,this.isWhole)),c={plan:e.plan,...r,...o&&{way:o}};this.run(()=>this.view.actions.restore(t,c))}};function ht(n){return n.target.checked}w("pihole-checkpoint-restore",ut);var mt=class extends z{static properties={...z.properties,entryId:{attribute:!1},isDecided:{attribute:!1},isRedo:{state:!0}};constructor(){super(),this.isRedo=!1}get target(){return this.entryId}get doneTitle(){return this.view.words.say(this.isRedo?"redone_title":"undone_title")}firstUpdated(e){super.firstUpdated(e);let{feed:t}=this.view;this.isRedo=this.entryId===t.entryId&&t.pihole?.restore?.kind==="redo",this.isDecided&&this.#e()}#e(){this.run(()=>this.view.actions.undoRestore(this.entryId))}askingTitle(){return this.view.words.say(this.isRedo?"redo_title":"undo_title")}body(){let{words:e}=this.view;return this.phase==="running"?this.runningBody():this.phase==="done"&&this.answer?this.resultBody(this.answer):this.phase==="failed"?d:a`<p class="state">
      ${b("information-outline")}<span
        >${e.say(this.isRedo?"redo_question":"undo_question")}</span
      >
    </p>`}buttons(){let{words:e}=this.view;if(this.phase!=="asking"){let t=this.isRedo?"undo":"redo";return a`${this.phase==="running"?d:this.takeBackButton(t)}
      ${this.closeButton()}`}return a`${v(e.say("cancel"),()=>this.close())}
    ${v(e.say(this.isRedo?"redo":"undo"),()=>this.#e(),{looks:"filled"})}`}};w("pihole-checkpoint-undo",mt);var ze=class{#e;#s;#t=null;#i=null;#r=null;constructor(e,t){this.#e=e,this.#s=t}open(e,t){if(e.kind==="details"){let{id:s}=e.backup;this.#i={backupId:s,index:t.feed.backups.findIndex(i=>i.id===s)}}this.#r=null,this.#t?.kind===e.kind&&(this.#t=null,this.#e.requestUpdate()),this.#e.updateComplete.then(()=>{this.#t=e,this.#e.requestUpdate()})}forget(){this.#t=null,this.#i=null,this.#r=null}get changing(){let e=this.#e.renderRoot.querySelector("pihole-checkpoint-restore, pihole-checkpoint-undo");return e?.isShowingRestore?e:null}afterwards(e){this.#r=e}#n(e){if(this.#t!==e)return;let[t,s]=[this.#i,this.#r];this.forget(),this.#e.requestUpdate(),s?.(),this.#e.updateComplete.then(()=>this.#s(t))}template(e){let t=this.#t;if(!t)return d;let s=()=>this.#n(t);switch(t.kind){case"details":return a`<pihole-checkpoint-details
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
        ></pihole-checkpoint-undo>`}}};var us=[1,2,4,8,15],mi=30,fi=["not_loaded","unknown_command"],Q=class{phase="loading";online=!0;pihole=null;backups=[];total=0;problem=null;isPaging=!1;entryId;#e;#s;#t;#i;#r;#n=0;#a=0;#o;#l=null;constructor(e,t,s,i){this.entryId=t,this.#s=e,this.#t=e.connection,this.#i=s,this.#r=s,this.#e=i}start(){this.#t.addEventListener("ready",this.resume),this.#t.addEventListener("disconnected",this.#h),this.#d()}stop(){this.#n+=1,clearTimeout(this.#o),this.#t.removeEventListener("ready",this.resume),this.#t.removeEventListener("disconnected",this.#h),this.#p()}resume=()=>{this.#a=0,this.#d()};get hasMore(){return this.backups.length<this.total}more(){!this.hasMore||this.isPaging||(this.#r=this.backups.length+this.#i,this.#f())}find(e){return this.backups.find(({id:t})=>t===e)}#p(){let e=this.#l;this.#l=null,e&&ms(e)}#h=()=>{this.#n+=1,clearTimeout(this.#o),this.#l=null,this.online=!1,this.isPaging=!1,this.#e.changed([])};async#d(){clearTimeout(this.#o),this.#p(),this.#n+=1,this.isPaging=!1;let e=this.#n,t=()=>e===this.#n,s={type:`${k}/subscribe`,config_entry_id:this.entryId,limit:Math.min(this.#r,200)};try{let i=await this.#t.subscribeMessage(r=>{t()&&this.#y(r)},s,{resubscribe:!1});t()?this.#l=i:ms(i)}catch(i){t()&&this.#c(i)}}#c(e){this.phase=fi.includes(e.code)?"unloaded":"failed",this.problem=e,this.#e.changed([]),this.#u()}#u(){let e=us[Math.min(this.#a,us.length-1)]??1;this.#a+=1,clearTimeout(this.#o),this.#o=setTimeout(()=>{this.#d()},e*1e3)}#y(e){switch(e.kind){case"snapshot":clearTimeout(this.#o),this.#a=0,this.online=!0,this.phase="ready",this.problem=null,this.pihole=e.pihole,this.total=e.total,this.backups=e.backups,this.isPaging=!1,this.#f(!0).then(()=>{this.#e.changed([])});break;case"update":this.#m(e);break;case"happening":this.#e.happened(e.type,e.data??{});break;case"unloaded":this.phase="unloaded",this.isPaging=!1,this.#e.changed([]),clearTimeout(this.#o),this.#o=setTimeout(this.resume,mi*1e3);break}}#m(e){let{pihole:t,added:s=[],changed:i=[],removed:r=[],total:o}=e;t&&this.pihole&&(this.pihole={...this.pihole,...t});let c=!this.hasMore;o!==void 0&&(this.total=o);let l=new Set([...r,...s.map(({id:u})=>u)]),p=new Map(i.map(u=>[u.id,u])),f=this.backups.filter(({id:u})=>!l.has(u)).map(u=>p.get(u.id)??u),h=f.at(-1),y=s.filter(u=>c||!h||fs(u,h)),g=y.length?[...y,...f].sort((u,E)=>fs(u,E)?-1:1):f;this.backups=g.slice(0,this.#r),this.#e.changed(y.map(({id:u})=>u)),this.#f()}async#f(e=!1){if(this.isPaging||!this.#g()||!this.online)return;let t=this.#n;this.isPaging=!0,e||this.#e.changed([]);try{for(;;){let s=this.backups.at(-1),{backups:i,total:r}=await this.#s.callWS({type:`${k}/backups`,config_entry_id:this.entryId,...s&&{after:s.id},limit:Math.min(this.#r-this.backups.length,200)});if(t!==this.#n)return;let o=new Set(this.backups.map(({id:l})=>l)),c=i.filter(({id:l})=>!o.has(l));if(this.total=r,this.backups=[...this.backups,...c],!c.length||!this.#g())break;e||this.#e.changed([])}}catch{t===this.#n&&this.#u()}finally{t===this.#n&&(this.isPaging=!1,e||this.#e.changed([]))}}#g(){return this.backups.length<Math.min(this.#r,this.total)}};function ms(n){Promise.resolve(n()).catch(()=>{})}function fs(n,e){let[t,s]=[Date.parse(n.created_at),Date.parse(e.created_at)];return t===s?n.id>e.id:t>s}var fe=new Map;function gs(n){return fe.set(n,(fe.get(n)??0)+1),()=>{fe.set(n,(fe.get(n)??1)-1)}}function ft(n,e,t){let{words:s,feed:i,toast:r}=n,{entryId:o}=i,c=t.message??"",l=`attempt-${o}`,p=`restore-${o}`;switch(e){case"completed":{r(gi(n,t.headline??null),{id:l});break}case"unchanged":r(s.say("toast_unchanged"),{id:l});break;case"failed":if(fe.get(o))break;r(s.say("toast_failed",{reason:c}),{id:l,isFailure:!0});break;case"damaged":r(s.say("toast_damaged"),{id:`damaged-${t.backup_id??""}`,isFailure:!0});break;case"restored":r(...yi(n,t));break;case"restore_failed":r(s.say("toast_restore_failed",{reason:c}),{id:p,isFailure:!0});break}}function gi({words:n,feed:e},t){return t?.length?n.say("toast_completed_changes",{changes:L(n,t)}):t?n.say("toast_completed_same"):n.say(e.pihole?.count===1?"toast_completed_first":"toast_completed")}function yi(n,e){let{words:t,feed:s,isAdmin:i,open:r}=n,{entryId:o}=s,c=s.pihole?.restore?.kind==="redo",l=c?"undone_title":"toast_restored",p=t.say(e.proven===!1?"toast_restored_unproven":l),f={text:t.say(c?"redo":"undo"),action:()=>r({kind:"undo",entryId:o,isDecided:!0})};return[p,{id:`restore-${o}`,...i&&e.safety_backup_id&&{action:f}}]}var ee=class{#e;#s;#t=!1;#i;#r=new IntersectionObserver(([e])=>{this.#t=e?.isIntersecting??!1,this.#n()});#n=()=>{let e=this.#t&&document.visibilityState==="visible";e!==(this.#i!==void 0)&&(clearInterval(this.#i),this.#i=e?setInterval(this.#s,1e4):void 0,e&&this.#s())};constructor(e,t){this.#e=e,this.#s=t,e.addController(this)}hostConnected(){this.#r.observe(this.#e),document.addEventListener("visibilitychange",this.#n)}hostDisconnected(){this.#r.disconnect(),document.removeEventListener("visibilitychange",this.#n),this.#t=!1,this.#n()}};var vi=6e3,bi=12e3,wi=-1,_i=1500,Be=new Map;function Ne(n,e,t){let{id:s,action:i,isFailure:r=!1}=t,o=Date.now();for(let[f,h]of Be)o-h>_i&&Be.delete(f);let c=`${s} ${e}`;if(Be.has(c))return!1;Be.set(c,o);let l={id:`${k}-${s}`,message:e,duration:r?wi:i?bi:vi,dismissable:!0,...i&&{action:i}};return(n.isConnected?n:document.querySelector("home-assistant"))?.dispatchEvent(new CustomEvent("hass-notification",{detail:l,bubbles:!0,composed:!0})),!0}async function vs(n,e,t){for(let s of e){let i=$(s.name),r=ki(n,s,i);if(r){n.toast(r,{id:`upload-${i}`,isFailure:!0});continue}t(i),await $i(n,s,i)}t(null)}async function $i({actions:n,words:e,toast:t},s,i){let r=`upload-${i}`;try{let{backups:o,already_stored:c}=await n.upload(s),[l]=o;if(!c||!l)return;let p=e.format.time(l.created_at);t(e.say("upload_already_stored",{name:i,time:p}),{id:r})}catch(o){let c=await e.error(o);t(e.say("upload_failed",{name:i,reason:c}),{id:r,isFailure:!0})}}function ki({words:n},e,t){return e.name.toLowerCase().endsWith(".zip")?e.size<=104857600?null:n.say("upload_too_large",{name:t,size:n.format.size(104857600)}):n.say("upload_not_zip",{name:t})}var gt=class extends S{static properties={...S.properties,isPressed:{type:Boolean}};static styles=[_,m`
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
      ${V}
      <button type="button" class="who" @click=${()=>this.#s()}>
        <h2 dir="auto">${e||t.say("card_name")}</h2>
        ${this.#e()}
      </button>
      ${it(this.view,this.isPressed,s)}
    </div>`}#e(){let{words:e,feed:t}=this.view,[s]=nt(this.view);if(s)return a`<span class=${`state ${s.kind==="error"?"bad":"warn"}`}
        >${s.text}</span
      >`;let{pihole:i}=t,r=i?.last_backup,o=r?e.say("last_backup_ago",{ago:e.format.relative(r)}):e.say(i?"empty":"loading");return a`<span class="state faint">${o}</span>`}#s(){let[e]=this.view.feed.backups;e&&this.view.open({kind:"details",backup:e})}};w("pihole-checkpoint-compact",gt);var yt=class extends A{static properties={isOpen:{attribute:!1},hint:{attribute:!1},isDraggedOver:{state:!0}};static styles=[_,m`
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
              ${b("upload")}<span>${this.hint}</span>
            </div>`:d}`}#e(e){!this.isOpen||!e.dataTransfer?.types.includes("Files")||(e.preventDefault(),this.isDraggedOver=!0)}#s(e){this.isDraggedOver&&(e.preventDefault(),this.isDraggedOver=!1,this.#i(e.dataTransfer?.files))}#t(e){let t=e.files;this.#i(t),e.value=""}#i(e){let t=[...e??[]];this.dispatchEvent(new CustomEvent("files-taken",{detail:t}))}};w("pihole-checkpoint-drop-zone",yt);var vt=class extends S{static styles=[_,m`
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
      <span class="sign">${i?R():b("alert-circle-outline")}</span>
      <p dir="auto">${e.online?this.#e():t.say("error_connection")}</p>
      ${i?d:v(t.say("try_again"),e.resume,{name:"try-again"})}
    </div>`}#e(){let{feed:e,words:t}=this.view,s=e.problem?.message??t.say("error_unknown"),i={loading:"loading",unloaded:"not_loaded",failed:"load_failed",ready:"loading"};return t.say(i[e.phase],{reason:s})}};w("pihole-checkpoint-message",vt);/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var bs={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},ws=n=>(...e)=>({_$litDirective$:n,values:e}),Me=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};/**
 * @license
 * Copyright 2020 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var{I:xi}=jt,_s=n=>n;var $s=()=>document.createComment(""),te=(n,e,t)=>{let s=n._$AA.parentNode,i=e===void 0?n._$AB:e._$AA;if(t===void 0){let r=s.insertBefore($s(),i),o=s.insertBefore($s(),i);t=new xi(r,o,n,n.options)}else{let r=t._$AB.nextSibling,o=t._$AM,c=o!==n;if(c){let l;t._$AQ?.(n),t._$AM=n,t._$AP!==void 0&&(l=n._$AU)!==o._$AU&&t._$AP(l)}if(r!==i||c){let l=t._$AA;for(;l!==r;){let p=_s(l).nextSibling;_s(s).insertBefore(l,i),l=p}}}return t},B=(n,e,t=n)=>(n._$AI(e,t),n),Ai={},ks=(n,e=Ai)=>n._$AH=e,xs=n=>n._$AH,He=n=>{n._$AR(),n._$AA.remove()};/**
 * @license
 * Copyright 2017 Google LLC
 * SPDX-License-Identifier: BSD-3-Clause
 */var As=(n,e,t)=>{let s=new Map;for(let i=e;i<=t;i++)s.set(n[i],i);return s},Ss=ws(class extends Me{constructor(n){if(super(n),n.type!==bs.CHILD)throw Error("repeat() can only be used in text expressions")}dt(n,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let i=[],r=[],o=0;for(let c of n)i[o]=s?s(c,o):o,r[o]=t(c,o),o++;return{values:r,keys:i}}render(n,e,t){return this.dt(n,e,t).values}update(n,[e,t,s]){let i=xs(n),{values:r,keys:o}=this.dt(e,t,s);if(!Array.isArray(i))return this.ut=o,r;let c=this.ut??=[],l=[],p,f,h=0,y=i.length-1,g=0,u=r.length-1;for(;h<=y&&g<=u;)if(i[h]===null)h++;else if(i[y]===null)y--;else if(c[h]===o[g])l[g]=B(i[h],r[g]),h++,g++;else if(c[y]===o[u])l[u]=B(i[y],r[u]),y--,u--;else if(c[h]===o[u])l[u]=B(i[h],r[u]),te(n,l[u+1],i[h]),h++,u--;else if(c[y]===o[g])l[g]=B(i[y],r[g]),te(n,i[h],i[y]),y--,g++;else if(p===void 0&&(p=As(o,g,u),f=As(c,h,y)),p.has(c[h]))if(p.has(c[y])){let E=f.get(o[g]),De=E!==void 0?i[E]:null;if(De===null){let kt=te(n,i[h]);B(kt,r[g]),l[g]=kt}else l[g]=B(De,r[g]),te(n,i[h],De),i[E]=null;g++}else He(i[y]),y--;else He(i[h]),h++;for(;g<=u;){let E=te(n,l[u+1]);B(E,r[g]),l[g++]=E}for(;h<=y;){let E=i[h++];E!==null&&He(E)}return this.ut=o,ks(n,l),I}});function Ts(n,e){let t=Si(n),s=t?.getBoundingClientRect().top;if(e(),!t?.isConnected||s===void 0)return;let i=t.getBoundingClientRect().top-s;i&&Ti(n)?.scrollBy({top:i,behavior:"instant"})}function Si(n){let e=s=>s.getBoundingClientRect().bottom<=0,t=n.firstElementChild;return!t||!e(t)?null:[...n.children].find(s=>!e(s))??null}function Ti(n){let e=n;for(;e;){if(e instanceof Element&&e.scrollHeight>e.clientHeight&&["auto","scroll"].includes(getComputedStyle(e).overflowY))return e;e=Ri(e)}return document.scrollingElement}function Ri(n){return n instanceof Element&&n.assignedSlot?n.assignedSlot:n.parentNode??(n instanceof ShadowRoot?n.host:null)}var Ei=1200,Pi=1440*60*1e3,bt=class extends S{static properties={...S.properties,fresh:{attribute:!1},uploading:{attribute:!1}};static styles=[_,m`
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
    `];constructor(){super(),this.fresh=[],this.uploading=null}render(){let{feed:e,words:t,isAdmin:s,isReady:i}=this.view,{backups:r,pihole:o,total:c}=e,l=o?.count!==null,p=o?.count??c,f=o?.damaged??0;return a`
      <div class="bar">
        <h3>
          ${t.say("backups")}
          ${l?a`<span class="count">${t.format.number(p)}</span>`:d}
          ${f?a`<span class="damaged-count bad"
                  >${t.count("count_damaged",f)}</span
                >`:d}
        </h3>
        ${s?v(t.say("upload"),()=>this.#s("choose-upload"),{iconName:"upload",isOff:!i||this.uploading!==null,name:"upload"}):d}
      </div>
      ${this.uploading===null?d:a`<div class="uploading" role="status">
              ${R()}<span>${t.say("uploading",{name:this.uploading})}</span>
            </div>`}
      <ul aria-label=${t.say("backups")}>
        ${Ss(r,({id:h})=>h,h=>this.#t(h))}
      </ul>
      ${r.length||c||!l?d:a`<div class="empty">
              <p>${t.say("empty")}</p>
              <p class="faint">${t.say("empty_hint")}</p>
            </div>`}
      ${e.hasMore?a`<div class="foot">
              <span class="faint shown">${this.#e(p)}</span>${v(t.say("show_more"),()=>e.more(),{isBusy:e.isPaging,isOff:!i,name:"show-more"})}
            </div>`:d}
    `}#e(e){let{feed:t,words:s}=this.view,i=t.backups.filter(({status:p})=>p==="good").length,[r,o]=[i,e].map(p=>s.format.number(p)),c=s.say("shown_of",{shown:r??"",total:o??""}),l=t.pihole?.damaged??0;return l?s.format.join([c,s.count("count_damaged",l)]):c}#s(e){this.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0}))}#t(e){let{words:t}=this.view,{format:s}=t;return a`<li data-id=${e.id} data-status=${e.status}>
      <button type="button" class="row" @click=${()=>this.view.open({kind:"details",backup:e})}>
        <span class="when"
          >${s.time(e.created_at)} · ${s.relative(e.created_at)}</span
        >
        ${e.status==="good"?d:a`<span class="status bad"
                >${b("alert-circle-outline")} ${t.say(`status_${e.status}`)}</span
              >`}
        <span class="changes">${Oe(t,e)}</span>
        <span class="rest">${this.#i(e)}</span>
      </button>
      ${this.#r(e)}${b("chevron-right","chevron")}
    </li>`}#i(e){let{words:t}=this.view,s=[t.trigger(e.trigger),t.format.size(e.file_size)];if(e.confirmed_at){let i=t.format.relative(e.confirmed_at);s.push(t.say("status_confirmed",{ago:i}))}return a`${e.pinned?a`<span class="pinned">${b("pin")} ${t.say("status_pinned")} · </span>`:d}${s.join(" · ")}${e.note?a` · <span class="note">${x(e.note)}</span>`:d}`}#r(e){let{words:t,feed:s,isAdmin:i,isReady:r}=this.view,o=s.pihole?.restore;if(!i||o?.backup_id!==e.id)return d;if(Date.now()-Date.parse(o.at)>Pi)return d;let c=s.entryId;return v(t.say(o.kind==="redo"?"redo_restore":"undo_restore"),()=>this.view.open({kind:"undo",entryId:c,isDecided:!1}),{iconName:o.kind==="redo"?"redo":"undo",isOff:!r,name:"undo-restore"})}update(e){let t=this.renderRoot.querySelector("ul");t?Ts(t,()=>super.update(e)):super.update(e)}updated(e){if(!(!e.has("fresh")||matchMedia("(prefers-reduced-motion: reduce)").matches))for(let t of this.fresh)this.renderRoot.querySelector(`li[data-id="${CSS.escape(t)}"]`)?.animate([{transform:"translateY(-100%)",backgroundColor:"var(--pc-hover)"},{transform:"none",backgroundColor:"var(--pc-hover)",offset:.2},{backgroundColor:"transparent"}],{duration:Ei,easing:"ease-out"})}focusRow(e){let t=[...this.renderRoot.querySelectorAll(".row")];t[Math.min(Math.max(e,0),t.length-1)]?.focus({preventScroll:!0})}};w("pihole-checkpoint-rows",bt);var Ci=100,wt=class extends A{static properties={hass:{attribute:!1},words:{attribute:!1},entryId:{attribute:!1},config:{attribute:!1},isPreview:{attribute:!1},view:{state:!0},fresh:{state:!0},isPressed:{state:!0},uploading:{state:!0},readOut:{state:!0}};static styles=[_,m`
      :host {
        container: card / inline-size;
        block-size: 100%;
      }
    `];#e=null;#s=new ze(this,e=>this.#d(e));#t=new Le(e=>this.#y(e));constructor(){super(),this.isPreview=!1,this.view=null,this.fresh=[],this.isPressed=!1,this.uploading=null,this.readOut="",this.addController(new ee(this,()=>this.#a()))}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.#i()}disconnectedCallback(){super.disconnectedCallback(),this.#r()}willUpdate(e){let t=e.get("hass"),s=e.has("hass")&&t?.connection!==this.hass.connection,i=e.has("config")&&e.get("config")?.rows!==this.config.rows;e.has("entryId")||s||i?this.#i():(e.has("words")||e.has("config")||e.has("hass"))&&this.#a()}#i(){this.#r(),this.#e=new Q(this.hass,this.entryId,this.config.rows,{changed:e=>this.#n(e),happened:(e,t)=>this.#u(e,t)}),this.#e.start(),this.#a()}#r(){this.#t.forget(),this.#s.forget(),this.#e?.stop(),this.#e=null}#n(e){let t=this.#e?.pihole??null;t?.running&&(this.isPressed=!1),this.#t.watch(t),e.length&&(this.fresh=e),this.#a()}#a(){let e=this.#e;if(!e)return;let{hass:t,words:s,config:i}=this;this.view={words:s,feed:e,actions:new q(t,e.entryId),isAdmin:t.user?.is_admin??!1,isReady:e.phase==="ready"&&e.online,title:[i.title,e.pihole?.title].find(Boolean)??"",piholes:()=>Te(t),open:r=>this.#p(r),toast:(r,o)=>this.#m(r,o)}}render(){let{view:e}=this;return e?a`${this.config.layout==="compact"?this.#o(e):this.#l(e)}
      ${this.#s.template(e)}
      <div class="unseen live" role="status" aria-live="polite">${this.readOut}</div>`:d}#o(e){return a`<pihole-checkpoint-compact
      .view=${e}
      .isPressed=${this.isPressed}
      @back-up=${()=>this.#c()}
    ></pihole-checkpoint-compact>`}#l(e){return a`<pihole-checkpoint-drop-zone
      .isOpen=${e.isAdmin&&e.isReady&&this.uploading===null}
      .hint=${e.words.say("drop_here")}
      @files-taken=${t=>this.#b(t.detail)}
    >
      <pihole-checkpoint-header
        .view=${e}
        .isPressed=${this.isPressed}
        @back-up=${()=>this.#c()}
      ></pihole-checkpoint-header>
      ${e.feed.pihole?a`<pihole-checkpoint-rows
              .view=${e}
              .fresh=${this.fresh}
              .uploading=${this.uploading}
              @choose-upload=${()=>this.#g()}
            ></pihole-checkpoint-rows>`:a`<pihole-checkpoint-message .view=${e}></pihole-checkpoint-message>`}
    </pihole-checkpoint-drop-zone>`}#p(e){let{view:t}=this;t&&(this.isConnected?this.#s.open(e,t):e.kind==="undo"&&this.#h(t,e.entryId))}#h({words:e,feed:t,actions:s},i){let r=t.pihole?.restore?.kind==="redo"?"redone_title":"undone_title";s.undoRestore(i).then(()=>this.#m(e.say(r),{id:`restore-${i}`}),o=>this.#f(o,"toast_restore_failed"))}#d(e){if(!e)return;let t=this.#e?.backups.findIndex(({id:i})=>i===e.backupId)??-1;this.renderRoot.querySelector("pihole-checkpoint-rows")?.focusRow(t<0?e.index:t)}async#c(){let{view:e}=this,t=e?.feed.pihole;if(this.isPressed||!e?.isReady||!t||t.stage||t.running)return;this.isPressed=!0;let s=gs(e.feed.entryId);try{await e.actions.backUp()}catch(i){await this.#f(i,"toast_failed")}finally{s(),this.isPressed=!1}}#u(e,t){let{view:s}=this;if(!s||this.isPreview)return;let i=this.#s.changing;i&&e==="restore_failed"?i.canTakeBack=!!t.safety_backup_id&&t.reason!=="restore_refused":i&&e==="restored"?this.#s.afterwards(()=>this.view&&ft(this.view,e,t)):ft(s,e,t)}#y(e){if(this.isPreview)return;let t=this.words.format.number(e),s=this.words.say("toast_deadline",{seconds:t});this.#m(s,{id:`attempt-${this.entryId}`,isFailure:!0})}#m(e,t){Ne(this,e,t)&&(this.readOut="",setTimeout(()=>{this.readOut=e},Ci))}async#f(e,t){let s=this.words.say(t,{reason:await this.words.error(e)});this.#m(s,{id:`attempt-${this.entryId}`,isFailure:!0})}#g(){this.renderRoot.querySelector("pihole-checkpoint-drop-zone")?.choose()}#b(e){let{view:t}=this;!t||this.uploading!==null||vs(t,e,s=>{this.uploading=s})}};w("pihole-checkpoint-pihole",wt);var Oi=1,_t=class extends A{static properties={hass:{attribute:!1},words:{attribute:!1},names:{attribute:!1},heading:{attribute:!1},layout:{attribute:!1},differences:{state:!0}};static styles=[_,m`
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
    `];#e=new Map;#s=new Set;#t="";constructor(){super(),this.differences=new Map,this.addController(new ee(this,()=>this.requestUpdate()))}disconnectedCallback(){super.disconnectedCallback();for(let e of this.#e.values())e.stop();this.#e.clear()}willUpdate(){let e=new Set(this.names.map(({config_entry_id:t})=>t));for(let[t,s]of this.#e)e.has(t)||(s.stop(),this.#e.delete(t));for(let t of e){if(this.#e.has(t))continue;let s=()=>{this.requestUpdate(),this.#i()},i=new Q(this.hass,t,Oi,{changed:s,happened:()=>{}});this.#e.set(t,i),i.start()}}async#i(){let e=[...this.#e.values()].map(t=>t.pihole?.last_backup).join();if(e!==this.#t){this.#t=e;try{let t=await Ft(this.hass);this.differences=new Map(t.map(({config_entry_id:s,differences:i})=>[s,i]))}catch{this.#t=""}}}render(){return a`<div class="head">
        ${V}
        <h2 dir="auto">${this.heading||this.words.say("card_name")}</h2>
      </div>
      <ul>
        ${this.names.map((e,t)=>this.#r(e,t))}
      </ul>`}#r({config_entry_id:e,title:t},s){let{words:i}=this,r=this.#e.get(e),o=r?.pihole??null,c=i.stage(o)??(this.#s.has(e)?i.say("stage_starting"):null);return a`<li data-id=${e}>
      <button type="button" class="pihole" @click=${()=>this.dispatchEvent(new CustomEvent("pihole-opened",{detail:e}))}>
        <span class="name">${x(o?.title??t)}</span>
        <span class="faint">${this.#n(r)}</span>
        ${s===0?d:this.#a(e)}
      </button>
      ${v(c??i.say("backup_now"),()=>{this.#o(e)},{iconName:"backup-restore",isBusy:c!==null,isOff:r?.phase!=="ready"||!r.online,name:"backup-now"})}
      ${b("chevron-right","faint")}
    </li>`}#n(e){let{words:t}=this;if(e?.phase!=="ready"||!e.pihole)return t.say(e?.phase==="loading"?"loading":"not_loaded");let{pihole:s}=e,i=s.last_backup,r=[t.say(s.reachable?"reachable":"unreachable"),i?t.say("last_backup_ago",{ago:t.format.relative(i)}):t.say("empty")],o=s.overdue||s.damaged>0||s.attempt?.result==="failed";return s.overdue&&r.push(t.say("overdue")),s.damaged&&r.push(t.count("count_damaged",s.damaged)),a`<span class=${o||!s.reachable?"bad":""}>${r.join(" · ")}</span>`}#a(e){let{words:t}=this,s=this.differences.get(e),i=this.names[0]?.title??"";return s==null?d:a`<span class="difference ${s?"":"faint"}"
      >${s?t.count("differences",s,{name:i}):t.say("differences_none",{name:i})}</span
    >`}async#o(e){if(!this.#s.has(e)){this.#s.add(e),this.requestUpdate();try{await new q(this.hass,e).backUp()}catch(t){let s=await this.words.error(t),i={id:`attempt-${e}`,isFailure:!0};Ne(this,this.words.say("toast_failed",{reason:s}),i)}finally{this.#s.delete(e),this.requestUpdate()}}}};w("pihole-checkpoint-piholes",_t);var Ii=15e3,Li=["connection","language","localize","locale","user","config"],$t=class extends A{static getConfigForm=Zt;static getStubConfig=Xt;static properties={hass:{attribute:!1,hasChanged:zi},preview:{type:Boolean},config:{state:!0},piholes:{state:!0},opened:{state:!0},words:{state:!0}};static styles=[_,m`
      ha-card {
        display: block;
        overflow: clip;
        block-size: 100%;
      }
      .back {
        padding: 8px 8px 0;
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
    `];#e;constructor(){super(),this.hass=void 0,this.preview=!1,this.config=null,this.piholes=null,this.opened=null,this.words=null}setConfig(e){this.config=Jt(e)}getCardSize(){return this.config?.layout==="compact"?2:4+Math.ceil((this.config?.rows??5)*1.5)}getGridOptions(){return this.config?.layout==="compact"?{columns:12,min_columns:6,rows:2,min_rows:2}:{columns:"full",min_columns:6,rows:"auto"}}connectedCallback(){super.connectedCallback(),this.hasUpdated&&this.#t()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.#e)}get#s(){let e=this.piholes?.length===1?this.piholes[0]?.config_entry_id:null;return this.config?.entryId??this.opened??e??null}willUpdate(e){!e.has("hass")||!this.hass||(this.#i(this.hass),e.get("hass")?.connection!==this.hass.connection&&this.#t())}async#t(){if(clearTimeout(this.#e),!(!this.hass||this.config?.entryId)){try{this.piholes=await Te(this.hass)}catch{}!this.isConnected||this.#s||(clearTimeout(this.#e),this.#e=setTimeout(()=>{this.#t()},Ii))}}async#i(e){await ce(e),this.words=new le(this.hass??e)}render(){let{hass:e,words:t,config:s}=this;return!e||!t||!s?d:a`<ha-card>${this.#r(e,t,s)}</ha-card>`}#r(e,t,s){let i=this.#s;return i?a`${this.opened?a`<div class="back">
                ${v(t.say("all_piholes"),()=>this.#n(null),{iconName:"arrow-left"})}
              </div>`:d}
        <pihole-checkpoint-pihole
          .hass=${e}
          .words=${t}
          .config=${s}
          .entryId=${i}
          .isPreview=${this.preview}
        ></pihole-checkpoint-pihole>`:this.piholes?.length?a`<pihole-checkpoint-piholes
        .hass=${e}
        .words=${t}
        .names=${this.piholes}
        .heading=${s.title}
        @pihole-opened=${r=>this.#n(r.detail)}
      ></pihole-checkpoint-piholes>`:a`<div class="none" role="status">
      ${V}
      <p>${t.say(this.piholes?"no_pihole":"loading")}</p>
      ${this.piholes&&e.user?.is_admin?a`<a href="/config/integrations/dashboard">${t.say("add_pihole")}</a>`:d}
    </div>`}#n(e){this.opened=e,e||this.#t()}};function zi(n,e){return!n||!e||Li.some(t=>n[t]!==e[t])}async function Bi(){let n=Re();n&&await ce(n);let e=window.customCards?.find(({type:s})=>s===Y),t=de()?.find("card_description");e&&t&&(e.description=t)}w(Y,$t);window.customCards??=[];window.customCards.some(({type:n})=>n===Y)||(window.customCards.push({type:Y,name:"Pi-hole Checkpoint",description:"",preview:!0,getEntitySuggestion:Qt}),Bi());
